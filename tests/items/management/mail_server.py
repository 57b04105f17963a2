"""A real mail server on loopback, which keeps what it gets and refuses whom a test says."""

import os
import signal
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class Mailbox:
    """The server's side: the messages in their order, by whom they are for."""

    def __init__(self):
        self.messages = []
        self.refused = {}
        """{address: the reply that it gets}"""
        self.kill_on = ""
        """"RCPT" or "DATA": the step at which the sending process is killed."""
        self.child = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.kill_on == "RCPT":
            os.kill(self.child.pid, signal.SIGKILL)
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.original_content, policy=policy.default)
        self.messages.append(message)
        if self.kill_on == "DATA":
            # Before the reply: the sender never learns that it has arrived.
            os.kill(self.child.pid, signal.SIGKILL)
        return "250 OK"

    @property
    def subjects(self):
        """Without the space of a heading that was folded."""
        return [message["Subject"].strip() for message in self.messages]

    @property
    def receivers(self):
        return [message["To"] for message in self.messages]


class MailServer(Controller):
    """On a port of its own; `mailbox` is what it has got."""

    def __init__(self):
        self.mailbox = Mailbox()
        super().__init__(self.mailbox, hostname="127.0.0.1", port=0, ready_timeout=60)

    def _trigger_server(self):
        # The port is known only now: aiosmtpd would greet itself on port 0.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
