"""A mail server (aiosmtpd) on a free port, with a certificate of its own, a user and a password."""

import email
import email.policy
import ssl
import subprocess

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

USER = "gateway"


class MailServer:
    """`tls`: nobody logs in or hands a mail in before STARTTLS. stop() it, whatever happens."""

    def __init__(self, folder, password: str, tls: bool = True):
        self.mails: list[email.message.EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.logins = 0
        self.password = password
        self.certificate = folder / "mail.pem"
        key = folder / "mail.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
            + ["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", self.certificate],
            check=True,
            capture_output=True,
            timeout=60,
        )
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, key)
        self.controller = _Anywhere(
            self,
            hostname="127.0.0.1",
            port=0,
            authenticator=self._authenticate,
            auth_required=True,
            auth_require_tls=tls,
            tls_context=context if tls else None,
            require_starttls=tls,
        )
        self.controller.start()
        self.port = self.controller.server.sockets[0].getsockname()[1]

    def _authenticate(self, server, session, envelope, mechanism, data):
        self.logins += 1
        asked = isinstance(data, LoginPassword) and (data.login, data.password)
        return AuthResult(success=asked == (USER.encode(), self.password.encode()), handled=False)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.recipients.append(envelope.rcpt_tos)
        self.mails.append(
            email.message_from_bytes(envelope.content, policy=email.policy.default)
        )
        return "250 taken"

    def stop(self):
        self.controller.stop()


class _Anywhere(Controller):
    """The controller looks whether its port answers, and does not know it yet if it is 0."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def factory(self):
        return SMTP(self.handler, hostname="localhost", **self.SMTP_kwargs)
