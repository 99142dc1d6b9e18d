import CZlib
import Foundation

/// Writes a bitmap as a PNG (ISO/IEC 15948): 8 bits per channel, no opacity, row by row.
final class PNGEncoder {
    private let width: Int
    private let stream: UnsafeMutablePointer<z_stream>
    private var above: [UInt8]
    private var compressed: [UInt8] = []

    /// The file so far.
    private(set) var bytes: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

    /// Throws `Problem.busy` when zlib gets no memory.
    init(width: Int, height: Int) throws(Problem) {
        self.width = width
        above = [UInt8](repeating: 0, count: width * 3)
        stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        guard deflateInit_(stream, Z_DEFAULT_COMPRESSION, ZLIB_VERSION, size) == Z_OK else {
            stream.deallocate()
            throw .busy("There is no memory for another poster at this moment.")
        }
        let eightBitsTrueColour: [UInt8] = [8, 2, 0, 0, 0]
        chunk("IHDR", Self.bigEndian(UInt32(width)) + Self.bigEndian(UInt32(height)) + eightBitsTrueColour)
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Adds one row of `width * 4` bytes.
    func add(row: UnsafeBufferPointer<UInt8>) {
        precondition(row.count == width * 4)
        let current = [UInt8](unsafeUninitializedCapacity: width * 3) { colours, count in
            for x in 0..<width {
                colours[x * 3] = row[x * 4]
                colours[x * 3 + 1] = row[x * 4 + 1]
                colours[x * 3 + 2] = row[x * 4 + 2]
            }
            count = width * 3
        }
        compress(filtered(current), flush: Z_NO_FLUSH)
        above = current
        if compressed.count > 1 << 15 { flushChunk() }
    }

    /// Ends the file and gives it.
    func finish() -> [UInt8] {
        compress([], flush: Z_FINISH)
        flushChunk()
        chunk("IEND", [])
        return bytes
    }

    /// The difference to the row above or to the pixel on the left, whichever is smaller in sum: it compresses better.
    private func filtered(_ row: [UInt8]) -> [UInt8] {
        var up = [UInt8](repeating: 2, count: row.count + 1)
        var sub = [UInt8](repeating: 1, count: row.count + 1)
        var (upCost, subCost) = (0, 0)
        for index in row.indices {
            up[index + 1] = row[index] &- above[index]
            sub[index + 1] = row[index] &- (index >= 3 ? row[index - 3] : 0)
            upCost += Int(Int8(bitPattern: up[index + 1]).magnitude)
            subCost += Int(Int8(bitPattern: sub[index + 1]).magnitude)
        }
        return upCost <= subCost ? up : sub
    }

    private func compress(_ input: [UInt8], flush: Int32) {
        var input = input
        let capacity = 1 << 14
        input.withUnsafeMutableBufferPointer { source in
            stream.pointee.next_in = source.baseAddress
            stream.pointee.avail_in = UInt32(source.count)
            repeat {
                let part = [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
                    stream.pointee.next_out = output.baseAddress
                    stream.pointee.avail_out = UInt32(capacity)
                    deflate(stream, flush)
                    count = capacity - Int(stream.pointee.avail_out)
                }
                compressed += part
            } while stream.pointee.avail_out == 0
        }
    }

    private func flushChunk() {
        guard !compressed.isEmpty else { return }
        chunk("IDAT", compressed)
        compressed.removeAll(keepingCapacity: true)
    }

    private func chunk(_ type: String, _ content: [UInt8]) {
        let body = Array(type.utf8) + content
        let checksum = crc32(0, body, UInt32(body.count))
        bytes += Self.bigEndian(UInt32(content.count)) + body + Self.bigEndian(UInt32(truncatingIfNeeded: checksum))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
