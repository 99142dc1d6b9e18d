import BookendLoop
import Glibc
import Testing

@testable import BookendLab

struct OutputTailTests {
    @Test("The last lines are kept, without what would move a terminal's cursor, however much is written")
    func tail() throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        let output = OutputTail(FileDescriptor(owning: ends[0]))
        defer { close(ends[1]) }
        #expect(output.drain() == [])
        write("one\n\u{1B}[2Jtwo\r\n\nhal", to: ends[1])
        #expect(output.drain() == ["one", "[2Jtwo"])
        write("f\n", to: ends[1])
        #expect(output.drain() == ["half"])
        for number in 0..<40 { write("line \(number)\n", to: ends[1]) }
        #expect(output.drain() == (28..<40).map { "line \($0)" })
        #expect(output.lines == (28..<40).map { "line \($0)" })
        write(String(repeating: "x", count: 5_000) + "\n", to: ends[1])
        #expect(output.drain().map(\.count) == [400])
    }

    private func write(_ text: String, to descriptor: Int32) {
        #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
    }
}
