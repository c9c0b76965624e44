"""Mail (.eml, .msg): headers, body and attachments as one document; a bad attachment never costs the mail."""

from __future__ import annotations

import email
import email.policy
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path, PurePosixPath
from typing import Any

from copilot.errors import ParseError
from copilot.types import Element, ElementKind, Span
from ingest.parse.charsets import decode
from ingest.parse.elements import from_unstructured, make
from ingest.parse.html import parse_html
from ingest.parse.text import parse_text

_LOG = logging.getLogger(__name__)
_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_MAX_DEPTH = 5
_SMALL_PICTURE = 4096
_OLE_MAIL = "application/vnd.ms-outlook"
_BODY = "mail: body"


@dataclass(frozen=True, slots=True)
class _Attachment:
    name: str
    content: bytes
    mail: EmailMessage | None = None


@dataclass(frozen=True, slots=True)
class _Mail:
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    attachments: tuple[_Attachment, ...]

    @property
    def subject(self) -> str:
        return next((value for name, value in self.headers if name == "Subject"), "")


def parse(path: Path, media_type: str, language: str) -> list[Element]:
    """The elements of a mail; locators "mail: headers", "mail: body", "mail: attachment NAME > ..."."""
    if media_type == _OLE_MAIL:
        mail = _read_msg(path)
    else:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if not message.keys():
            raise ParseError("mislabelled", f"{path.name} has no mail headers.",
                             "Give it the ending of the format it is in.")
        mail = _read_eml(message)
    return _elements(mail, language, 0)


def _elements(mail: _Mail, language: str, depth: int) -> list[Element]:
    found = []
    if mail.subject:
        found.append(make("Title", mail.subject, Span(1, None, "mail: headers"), level=1))
    lines = "\n".join(f"{name}: {value}" for name, value in mail.headers)
    if lines:
        found.append(make("Text", lines, Span(1, None, "mail: headers")))
    elements = from_unstructured(found)
    body = parse_text(mail.text) if mail.text.strip() else parse_html(mail.html) if mail.html.strip() else []
    elements += [_moved(element, _BODY, 1) for element in body]
    for attachment in mail.attachments:
        elements += _attached(attachment, language, depth)
    return elements


def _attached(attachment: _Attachment, language: str, depth: int) -> list[Element]:
    """A title with the attachment's name, then what can be read of it."""
    place = f"mail: attachment {attachment.name}"
    elements = from_unstructured([make("Title", attachment.name, Span(1, None, place), level=2)])
    try:
        if attachment.mail is None:
            inner = _read_attachment(attachment, language)
        elif depth < _MAX_DEPTH:
            inner = _elements(_read_eml(attachment.mail), language, depth + 1)
        else:
            inner = []
    except Exception as error:  # whatever is wrong with an attachment, the mail is read on
        _LOG.warning("The attachment %s was left out: %s", attachment.name, error)
        return elements
    return elements + [_moved(element, place, 2) for element in inner]


def _read_attachment(attachment: _Attachment, language: str) -> list[Element]:
    from ingest.parse import parse_file

    suffix = PurePosixPath(attachment.name.replace("\\", "/")).suffix
    with tempfile.TemporaryDirectory(prefix="copilot-mail-") as folder:
        path = Path(folder) / f"attachment{suffix if suffix[1:].isalnum() else ''}"
        path.write_bytes(attachment.content)
        return parse_file(path, "", language)


def _moved(element: Element, place: str, levels: int) -> Element:
    """The element as a part of the mail: boxes belong to another file's pages, so the page goes into the locator."""
    inner = element.span.locator
    if element.span.box is not None or element.lines:
        inner = " > ".join(part for part in (f"page {element.span.page}", inner) if part)
    locator = f"{place} > {inner}" if inner else place
    level = element.level + levels if element.kind is ElementKind.TITLE else element.level
    return replace(element, span=Span(1, None, locator), level=level, lines=())


def _read_eml(message: EmailMessage) -> _Mail:
    headers = tuple((name, " ".join(str(message[name]).split())) for name in _HEADERS if message[name])
    texts: list[str] = []
    pages: list[str] = []
    attachments: list[_Attachment] = []
    for part in _leaves(message):
        kind, name = part.get_content_type(), part.get_filename()
        if kind == "message/rfc822":
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
            if isinstance(inner, EmailMessage):
                attachments.append(_Attachment(name or str(inner["Subject"] or "message"), b"", inner))
        elif name or part.get_content_disposition() == "attachment":
            content = _content(part)
            if not _is_decoration(part, content):
                attachments.append(_Attachment(" ".join((name or "attachment").split()), content))
        elif kind == "text/plain":
            texts.append(decode(_content(part), _charset(part)))
        elif kind == "text/html":
            pages.append(decode(_content(part), _charset(part)))
    return _Mail(headers, "\n".join(texts), "\n".join(pages), tuple(attachments))


def _leaves(message: Any) -> Iterator[Any]:
    """The parts that hold something; an attached mail is one part, and is not looked into."""
    if message.is_multipart() and message.get_content_type() != "message/rfc822":
        for part in message.get_payload():
            yield from _leaves(part)
    else:
        yield message


def _content(part: Any) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _charset(part: Any) -> str:
    return str(part.get_content_charset() or "")


def _is_decoration(part: Any, content: bytes) -> bool:
    """Whether a picture only decorates: shown within the HTML, or tiny."""
    if part.get_content_maintype() != "image":
        return False
    inline = part.get_content_disposition() == "inline" and part["Content-ID"] is not None
    return inline or len(content) < _SMALL_PICTURE


def _read_msg(path: Path) -> _Mail:
    import oxmsg

    message = oxmsg.Message.load(str(path))
    recipients = "; ".join(filter(None, (_address(one) for one in message.recipients)))
    date = message.sent_date.isoformat(" ", "minutes") if message.sent_date else ""
    headers = (("From", message.sender or ""), ("To", recipients), ("Date", date), ("Subject", message.subject or ""))
    attachments = tuple(
        _Attachment(one.file_name or "attachment", one.file_bytes or b"")
        for one in message.attachments if one.file_bytes
    )
    return _Mail(tuple((name, " ".join(value.split())) for name, value in headers if value),
                 message.body or "", message.html_body or "", attachments)


def _address(recipient: Any) -> str:
    name, address = recipient.name or "", recipient.email_address or ""
    return f"{name} <{address}>" if name and address and name != address else name or address
