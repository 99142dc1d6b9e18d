import Testing

@Suite("WebSocket with a real server and client")
struct WebSocketTests {
    private static let server = """
        import asyncio, websockets

        async def echo(socket):
            async for message in socket:
                if message == "close": await socket.close(4001, "asked to"); return
                await socket.send(message)

        async def main():
            async with websockets.serve(echo, "127.0.0.1", 0, max_size=None) as server:
                print(server.sockets[0].getsockname()[1], flush=True)
                await asyncio.Future()

        asyncio.run(main())
        """

    private static let client = """
        import asyncio, os, sys, websockets

        async def main():
            async with websockets.connect(sys.argv[1], max_size=None, compression="deflate") as socket:
                for size in [0, 1, 125, 126, 65535, 65536, 1 << 20, 8 << 20]:
                    message = os.urandom(size)
                    await socket.send(message)
                    assert await socket.recv() == message, size
                messages = [f"message {number}" for number in range(500)]
                sending = asyncio.gather(*[socket.send(message) for message in messages])
                assert [await socket.recv() for _ in messages] == messages
                await sending
                await asyncio.wait_for(await socket.ping(), 10)
                await socket.send("close")
                try:
                    await socket.recv()
                except websockets.ConnectionClosed as closed:
                    assert closed.rcvd.code == 4001 and closed.rcvd.reason == "asked to"
                    print("ok")

        asyncio.run(main())
        """

    private func server(_ stage: Stage) throws -> UInt16 {
        let server = try stage.python(Self.server, named: "ws-server")
        try eventually("the WebSocket server listens", within: 20) {
            guard server.isRunning else { throw Failure("it ended: \(server.errors)") }
            return server.outputText.hasSuffix("\n")
        }
        return UInt16(server.outputText.dropLast()) ?? 0
    }

    @Test("Frames of every size, pings and the closing handshake pass both ways")
    func echo() async throws {
        try await Stage.run { stage in
            let port = try server(stage)
            let bookend = try stage.bookend(addresses: ["a: 127.0.0.1:\(port)"])
            let client = try stage.finish(
                stage.python(Self.client, ["ws://127.0.0.1:\(bookend.port)/chat"], named: "ws-client"))
            #expect(client.code == 0 && client.text == "ok\n", "\(client.errors)")
            try bookend.settles()
        }
    }

    @Test("A server that refuses the handshake is heard, and the connection goes on with HTTP")
    func refused() async throws {
        try await Stage.run { stage in
            let port = try server(stage)
            let bookend = try stage.bookend(addresses: ["a: 127.0.0.1:\(port)"])
            let response = try bookend.ask(
                "GET", "/", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 1\r\n")
            #expect(response.status == 400 || response.status == 426)
            try bookend.settles()
        }
    }
}
