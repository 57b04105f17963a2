"""nginx for the test of docs/proxy/nginx.conf: the system's, or else one that is installed for it."""

import os
import shutil

from dev_tools.packages import install

MISSING = (
    "nginx is not installed, and the configuration that offices copy (docs/proxy/nginx.conf) "
    "is not tested: apt-get install nginx"
)


def find_nginx() -> str | None:
    """The path of nginx, or None. tests/project/test_proxy.py asks this, too."""
    # Debian puts it where only root's PATH looks.
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    return shutil.which("nginx", path=places)


def ensure_nginx() -> None:
    if find_nginx() is None:
        install(["nginx"])
