"""`python -m bench._probe_target [PEM]`: a small answer to every request on loopback, over TLS with a certificate; prints its port."""

import asyncio
import ssl
import sys

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nfine\n"


class Target(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, _data: bytes) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.write(ANSWER)
            self.transport.close()


async def serve(pem: str) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if pem else None
    if tls:
        tls.load_cert_chain(pem)
    server = await asyncio.get_running_loop().create_server(Target, "127.0.0.1", 0, ssl=tls, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1] if len(sys.argv) > 1 else ""))
