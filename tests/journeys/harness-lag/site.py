# A chat that stops whoever talks to it, as somebody's Ctrl-Z or a paused machine would, and answers at once.
# Prints its port, then "answered".
import http.server, json, os, signal, time

class Chat(http.server.BaseHTTPRequestHandler):
    said = 0

    def tell(self, **what):
        body = json.dumps(what).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.tell(messages=[])

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/chat/sessions":
            return self.tell(session="one", messages=[])
        Chat.said += 1
        stops = Chat.said == 2
        while stops and not os.path.exists("pid"):
            time.sleep(0.05)
        if stops:
            os.kill(int(open("pid").read()), signal.SIGSTOP)
        self.tell(messages=[{"id": Chat.said, "text": "Your refund is approved."}])
        if stops:
            print("answered", flush=True)

    do_DELETE = do_GET

    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Chat)
print(server.server_port, flush=True)
server.serve_forever()
