"""sendmail -t for PHP: the message on standard input goes to those it names, by the SMTP server given."""
import email
import email.policy
import email.utils
import smtplib
import sys
import urllib.parse

server = urllib.parse.urlsplit(sys.argv[1])
message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.SMTP)
to = [address for _, address in email.utils.getaddresses(message.get_all("To", []) + message.get_all("Cc", []))]
with smtplib.SMTP(server.hostname, server.port, timeout=60) as smtp:
    smtp.send_message(message, "wiki@company.test", to)
