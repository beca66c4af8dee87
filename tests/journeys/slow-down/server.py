# A page that asks the first visitor to come back in three seconds. Prints its port, then a line a visit.
import http.server, time

class Page(http.server.BaseHTTPRequestHandler):
    visits = []

    def do_GET(self):
        self.visits.append(time.monotonic())
        first = len(self.visits) == 1
        if not first:
            waited = self.visits[-1] - self.visits[0]
            print("came back after", "long enough" if waited >= 3 else "too soon", flush=True)
        body = b"<p>Too many requests" if first else b"<h1>Contact</h1><p>Write to us."
        self.send_response(429 if first else 200)
        if first:
            self.send_header("Retry-After", "3")
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Page)
print(server.server_port, flush=True)
server.serve_forever()
