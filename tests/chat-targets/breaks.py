"""A company whose chats break where the customer says so. What speaks HTTP and WebSocket is Python's
http.server and Debian's python3-websockets; only the dialogue is ours.

    breaks.py PORTS HEARD   writes "HTTP-PORT WS-PORT" into PORTS when it listens, and what it hears,
                            a line each, into HEARD; ends with its input
"""
import asyncio
import http.server
import json
import os
import re
import sys
import threading

import websockets


def hear(where, text):
    with open(sys.argv[2], "a") as f:
        f.write(f"{where} {text}\n")


class Chat(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sessions = {}

    def log_message(self, *args):
        pass

    def answer(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def hang_up(self):
        self.close_connection = True

    def stream(self, text):
        """OpenAI's pieces; breaks off after the second."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        pieces = [{"choices": [{"delta": {"content": word}}]} for word in re.findall(r" *\S+", text)]
        broken = text.startswith("Broken")
        for piece in pieces[:2] if broken else pieces:
            self.wfile.write(f"data: {json.dumps(piece)}\n\n".encode())
            self.wfile.flush()
        if not broken:
            self.wfile.write(b"data: [DONE]\n\n")
        self.hang_up()

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "{}")
        if "text" in body or "messages" in body:
            hear(self.path, body.get("text", body.get("messages")))
        if self.path.endswith("/completions"):
            self.stream("Broken in the middle." if "break" in body["messages"][-1]["content"]
                        else "All is well.")
        elif self.path == "/sessions":
            Chat.sessions[f"s{len(Chat.sessions)}"] = {"said": [], "to_break": 0}
            self.answer({"session": f"s{len(Chat.sessions) - 1}"}, 201)
        elif body["text"] == "break":
            self.hang_up()
        elif body["text"] == "later":
            session = self.session()
            session["to_break"] = 2
            session["said"].append({"id": 1, "text": "Here it is."})
            self.answer({"messages": []})
        else:
            self.answer({"messages": [{"id": body["text"], "text": f"Got: {body['text']}."}]})

    def session(self):
        return Chat.sessions[self.path.split("/")[2]]

    def do_GET(self):
        session = self.session()
        if session["to_break"]:
            session["to_break"] -= 1
            self.hang_up()
        else:
            self.answer({"messages": session["said"]})

    def do_DELETE(self):
        self.answer({})


class Web(http.server.ThreadingHTTPServer):
    def handle_error(self, *args):
        """Who has gone does not hear the end of an answer."""


async def talk(socket, *_):
    while True:
        try:
            m = json.loads(await socket.recv())
        except websockets.ConnectionClosed:
            return
        if m["type"] == "message":
            hear("socket", m["text"])
        if m["type"] == "welcome_back":
            await socket.send(json.dumps({"type": "message", "text": "Where were we?"}))
        elif m["type"] == "message" and m["text"] == "break":
            socket.transport.abort()
        elif m["type"] == "message":
            await socket.send(json.dumps({"type": "message", "text": f"Got: {m['text']}."}))


async def main(path):
    web = Web(("127.0.0.1", 0), Chat)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    async with websockets.serve(talk, "127.0.0.1", 0) as server:
        with open(path + ".new", "w") as f:
            f.write(f"{web.server_address[1]} {server.sockets[0].getsockname()[1]}\n")
        os.rename(path + ".new", path)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main(sys.argv[1]))
