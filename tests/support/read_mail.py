"""Reads a mail from stdin by Python's email package and prints it as JSON: header fields, and the parts in order."""

import email
import email.policy
import json
import sys

mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)


def part(one):
    about = {
        "type": one.get_content_type(),
        "disposition": one.get_content_disposition(),
        "name": one.get_filename(),
        "cid": one.get("Content-ID"),
        "defects": [repr(defect) for defect in one.defects],
    }
    if one.get_content_type() == "message/rfc822":
        about["hex"] = one.get_payload(0).as_bytes(policy=email.policy.SMTP.clone(refold_source="none")).hex()
        about["subject"] = one.get_payload(0)["Subject"]
    elif one.get_content_maintype() == "text" and one.get_content_disposition() is None:
        about["text"] = one.get_content().replace("\r\n", "\n")
    elif not one.is_multipart():
        about["hex"] = one.get_payload(decode=True).hex()
    return about


def walk(one):
    yield part(one)
    if one.is_multipart() and one.get_content_type() != "message/rfc822":
        for child in one.iter_parts():
            yield from walk(child)


fields = {name: str(value) for name, value in mail.items()}
print(json.dumps({"fields": fields, "parts": list(walk(mail))}))
