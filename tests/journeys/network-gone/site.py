# A page with a form behind a network that comes and goes. Prints its port, then an answer a line of input:
#   counts X      pages and forms so far, from now on from nothing
#   cut           the next form is taken, and its connection breaks without an answer
#   stay away     the next page is shown; then nothing answers any more
# A page whose address has "gone" in it: all connections break for two seconds as soon as it is shown.
import http.server, socket, socketserver, sys, threading, time

counts = {"pages": 0, "forms": 0}
mood = {"cut": False, "away": False, "until": 0.0, "open": set()}
PAGE = b"<h1>Contact</h1><form method=post action=/send><label>Your name <input name=n></label><button>Send</button></form>"


class Company(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        mood["open"].add(self.connection)

    def handle(self):
        if time.monotonic() < mood["until"]:
            return
        super().handle()

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def do_GET(self):
        counts["pages"] += 1
        self.answer(PAGE)
        if "gone" in self.path:
            mood["until"] = time.monotonic() + 2
        if mood["away"]:
            mood["until"] = float("inf")
        if time.monotonic() < mood["until"]:
            for one in list(mood["open"]):
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
            self.close_connection = True

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        counts["forms"] += 1
        if mood["cut"]:
            mood["cut"] = False
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self.answer(b"<h1>Thank you</h1><p>We have received your message.")

    def log_message(self, *args):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, *args):
        pass


server = Server(("127.0.0.1", 0), Company)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
for line in sys.stdin:
    line = line.strip()
    if line == "cut":
        mood["cut"] = True
    if line == "stay away":
        mood["away"] = True
    if line.startswith("counts"):
        line += f": {counts['pages']} pages, {counts['forms']} forms"
        counts.update(pages=0, forms=0)
    print(line, flush=True)
