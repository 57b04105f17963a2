"""What is logged, in which form and to where: `LOGGING` of the settings."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from plan_tracker.syslog_address import LogServerAddress, syslog_address


def log_settings(syslog: str) -> dict[str, Any]:
    """Everything to the console; security events also into files by day, and to `syslog`.

    `syslog` is host:port (UDP), tcp://host:port or a socket; empty without such a server.
    """
    logging: dict[str, Any] = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": "plan_tracker.logs.OneLine"},
            "security": {"()": "plan_tracker.security_log.LineFormatter"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line"},
            "security": {"class": "plan_tracker.security_log.DailyFiles"},
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            # Not propagated: the root's console would print each event a second time.
            "security": {"handlers": ["console", "security"], "level": "INFO", "propagate": False},
        },
    }
    if syslog:
        logging["handlers"]["syslog"] = {
            "class": "plan_tracker.log_server.LogServerHandler",
            "formatter": "security",
            "address": _address_of(syslog),
        }
        logging["loggers"]["security"]["handlers"].append("syslog")
    return logging


def _address_of(syslog: str) -> LogServerAddress:
    """Refused at the start of the service: otherwise lines would be lost and nobody would know."""
    try:
        return syslog_address(syslog)
    except ValueError:
        raise ImproperlyConfigured(
            "SECURITY_SYSLOG 要寫成 主機:埠號（UDP）、tcp://主機:埠號，或 /dev/log 這樣的路徑；"
            f"現在是「{syslog}」。"
        ) from None
