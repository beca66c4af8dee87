# A company of one page and one form, which counts: connections, forms sent, and the customers it serves at
# once. Prints its port, then at the end of its input one line of counts.
import http.server, socketserver, sys, threading, time

lock = threading.Lock()
counts = {"connections": 0, "pages": 0, "forms": 0, "inside": 0, "most": 0}


def add(name, by=1):
    with lock:
        counts[name] += by
        counts["most"] = max(counts["most"], counts["inside"])


class Company(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        add("connections")
        super().setup()

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        add("pages")
        self.answer(b"<title>Contact</title><form method=post action=/send><label>Message "
                    b"<textarea name=m></textarea></label><button>Send</button></form>")

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        add("forms")
        add("inside")
        time.sleep(.03)
        add("inside", -1)
        self.answer(b"<p>Thank you, we have received your message. Your reference is KC-1.")

    def log_message(self, *args):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 1000

    def handle_error(self, request, address):
        pass                              # a customer who left in the middle


server = Server(("127.0.0.1", 0), Company)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
for line in sys.stdin:                    # a line: what has been counted since the last one
    with lock:
        print(line.strip() + ":", *(f"{k} {v}" for k, v in counts.items() if k != "inside"), flush=True)
        counts.update(connections=0, pages=0, forms=0, most=0)
