# The copies of what a customer sent, in their own mailbox: subject and marker.
import email, imaplib, os, re, time

user, password, port = re.match(r"imap://(.*?):(.*?)@127.0.0.1:(\d+)", os.environ["IMAP_URL"]).groups()
box = imaplib.IMAP4("127.0.0.1", int(port))
box.login(user.replace("%40", "@"), password)
found = {}
patience = time.time() + 60
while len(found) < 2 and time.time() < patience:
    box.select(readonly=True)
    for number in box.search(None, "ALL")[1][0].split():
        mail = email.message_from_bytes(box.fetch(number, "(BODY.PEEK[HEADER])")[1][0][1])
        if mail["Subject"] in ("first", "second") and "ben@shopper.test" in mail["From"]:
            found[mail["Subject"]] = mail.get_all("X-Shopper")
    time.sleep(0.1)
print(found)
