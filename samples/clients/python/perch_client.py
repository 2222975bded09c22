"""A client of perchd in plain Python: JSON-RPC 2.0 with Content-Length framing, over stdio or the socket.

    python perch_client.py stdio CONFIG COMMAND...   such as: node dist/perchd.cjs --stdio --root FOLDER
    python perch_client.py socket CONFIG ROOT        attaches to the running daemon of a folder

Trains with progress, cancels a second training, and lists the versions. Standard library only.
"""

import itertools
import json
import pathlib
import queue
import socket
import subprocess
import sys
import threading


class RpcError(Exception):
    def __init__(self, error):
        super().__init__(error["message"])
        self.code = error["code"]
        self.data = error.get("data")


class Connection:
    """Requests and notifications over a pair of binary streams."""

    def __init__(self, reader, writer):
        self._reader, self._writer = reader, writer
        self._ids = itertools.count(1)
        self._pending = {}
        self._lock = threading.Lock()
        self.notifications = queue.Queue()
        threading.Thread(target=self._read_forever, daemon=True).start()

    def send(self, method, params):
        """Starts a request; returns its id and a queue that will hold the answer."""
        identifier, answer = next(self._ids), queue.Queue()
        self._pending[identifier] = answer
        self._write({"jsonrpc": "2.0", "id": identifier, "method": method, "params": params})
        return identifier, answer

    def request(self, method, params, timeout=120):
        return self.result(self.send(method, params)[1], timeout)

    @staticmethod
    def result(answer, timeout=120):
        message = answer.get(timeout=timeout)
        if "error" in message:
            raise RpcError(message["error"])
        return message["result"]

    def cancel(self, identifier):
        self._write({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": identifier}})

    def _write(self, message):
        body = json.dumps(message).encode()
        with self._lock:
            self._writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            self._writer.flush()

    def _read_forever(self):
        while True:
            length = 0
            while line := self._reader.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if length == 0:
                return
            message = json.loads(self._reader.read(length))
            if "method" in message:
                self.notifications.put(message)
            else:
                self._pending.pop(message["id"]).put(message)


def over_stdio(command):
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return Connection(process.stdout, process.stdin), None


def over_socket(root):
    state = pathlib.Path(root) / ".perch"
    stream = socket.socket(socket.AF_UNIX)
    stream.connect(json.loads((state / "daemon.json").read_text())["socket"])
    return Connection(stream.makefile("rb"), stream.makefile("wb")), (state / "token").read_text().strip()


def walk(connection, token, config):
    hello = {"protocolVersion": 1, "client": {"name": "perch_client.py", "version": "1"}}
    server = connection.request("initialize", hello | ({"token": token} if token else {}))
    print("initialized", server["root"])

    trained = connection.request("train", {"config": config, "progressToken": "first"})
    told = [n["params"] for n in drain(connection.notifications) if n["method"] == "$/progress"]
    assert told and all(p["token"] == "first" for p in told), "no progress was heard"
    print("trained", trained["version"]["name"], trained["version"]["version"], "with", len(told), "steps of progress")

    identifier, answer = connection.send("train", {"config": config, "set": ["model.params.trees=5000"]})
    connection.cancel(identifier)
    try:
        connection.result(answer)
        raise AssertionError("the cancelled training answered")
    except RpcError as error:
        print("cancelled", error.data["code"])

    for model in connection.request("models/list", {})["models"]:
        print(model["name"], [(v["version"], v["aliases"]) for v in model["versions"]])


def drain(waiting):
    while not waiting.empty():
        yield waiting.get()


if __name__ == "__main__":
    kind, config, *rest = sys.argv[1:]
    connection, token = over_stdio(rest) if kind == "stdio" else over_socket(rest[0])
    walk(connection, token, config)
