"""Plain mail: one letter to one address, through a mail server or into the app's own post box."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from uuid import UUID

from wijkapp.kit import time
from wijkapp.kit.config import Settings
from wijkapp.kit.letters import Attachment
from wijkapp.notify.push import Outcome, Sent

TIMEOUT = 6  # seconds, per step of the conversation
NAME = "wijkapp"


@dataclass(frozen=True)
class Mail:
    """A letter as it goes out.

    key  id of what it tells: the same at each try, so that a repeat can be recognised
    """

    to_address: str
    subject: str
    body: str
    key: UUID
    files: tuple[Attachment, ...] = ()


def send(settings: Settings, mail: Mail) -> Sent:
    """Give this letter to the mail server. Never raises: says what became of it."""
    try:
        message = written(settings, mail)
        server = _line(settings)
        try:
            server.send_message(message)
        finally:
            with suppress(smtplib.SMTPException, OSError):  # it took the letter; its goodbye is no matter
                server.quit()
    except smtplib.SMTPRecipientsRefused as refused:
        code = min((code for code, _text in refused.recipients.values()), default=450)
        return Sent(Outcome.REFUSED if code >= 500 else Outcome.FAILED, str(code))
    except (smtplib.SMTPException, OSError) as error:
        return Sent(Outcome.FAILED, type(error).__name__)
    except ValueError:  # an address no mail server would take
        return Sent(Outcome.REFUSED, "address")
    return Sent(Outcome.DELIVERED)


def written(settings: Settings, mail: Mail) -> EmailMessage:
    """The letter with its headers. Raises ValueError for an address that is none."""
    _name, sender = parseaddr(settings.mail_from)
    message = EmailMessage(policy=SMTP)
    message["From"] = MailAddress(NAME, addr_spec=sender)
    message["To"] = MailAddress(addr_spec=mail.to_address)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(time.now())
    message["Message-ID"] = f"<{mail.key}@{sender.rpartition('@')[2] or make_msgid()}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    message.set_content(mail.body)
    for file in mail.files:
        main, _, sub = file.kind.partition("/")
        message.add_attachment(file.body, maintype=main, subtype=sub, filename=file.name)
    return message


def _line(settings: Settings) -> smtplib.SMTP:
    where = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(*where, timeout=TIMEOUT)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        server.close()
        raise
    return server
