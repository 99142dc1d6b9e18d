import Foundation

/// A picture in memory: 4 bytes per pixel (red, green, blue, opacity), rows from the top.
///
/// Its memory is mapped straight from the kernel and goes back the moment the bitmap ends. From `malloc` such a block
/// could stay with the process, and a server that once made many posters would look full for ever.
final class Bitmap {
    let width: Int
    let height: Int
    private let base: UnsafeMutableRawPointer

    var byteCount: Int { width * height * 4 }

    /// Maps the memory and fills it with `colour`, so that all of it is held from the start: a poster that does not
    /// fit fails here and not half-way. Throws `Problem.busy` when the system refuses the memory.
    init(width: Int, height: Int, colour: Colour) throws(Problem) {
        self.width = width
        self.height = height
        let flags = MAP_PRIVATE | MAP_ANONYMOUS
        guard let memory = mmap(nil, width * height * 4, PROT_READ | PROT_WRITE, flags, -1, 0), memory != MAP_FAILED
        else { throw .busy("There is no memory for another poster at this moment.") }
        base = memory
        base.initializeMemory(as: UInt32.self, repeating: colour.packed, count: width * height)
    }

    deinit {
        munmap(base, byteCount)
    }

    /// Lays `colour` over a pixel, `coverage` from 0 to 1. Pixels outside the picture are left out.
    @inline(__always)
    func blend(_ colour: Colour, x: Int, y: Int, coverage: Float) {
        guard coverage > 0, x >= 0, x < width, y >= 0, y < height else { return }
        let pixel = base.advanced(by: (y * width + x) * 4).assumingMemoryBound(to: UInt8.self)
        let share = min(coverage, 1)
        pixel[0] = Self.mix(pixel[0], colour.red, share)
        pixel[1] = Self.mix(pixel[1], colour.green, share)
        pixel[2] = Self.mix(pixel[2], colour.blue, share)
    }

    /// Calls `body` with the bytes of one row.
    func withRow<Result>(_ y: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        precondition(y >= 0 && y < height)
        let start = base.advanced(by: y * width * 4).assumingMemoryBound(to: UInt8.self)
        return body(UnsafeBufferPointer(start: start, count: width * 4))
    }

    @inline(__always)
    private static func mix(_ below: UInt8, _ above: Float, _ share: Float) -> UInt8 {
        UInt8(Float(below) + (above - Float(below)) * share + 0.5)
    }
}

/// A colour with channels from 0 to 255.
struct Colour: Sendable {
    var red: Float
    var green: Float
    var blue: Float

    /// From `0xRRGGBB`.
    init(_ code: UInt32) {
        red = Float(code >> 16 & 255)
        green = Float(code >> 8 & 255)
        blue = Float(code & 255)
    }

    /// From this colour at 0 to `other` at 1.
    func mixed(with other: Colour, _ share: Float) -> Colour {
        var mixed = self
        mixed.red += (other.red - red) * share
        mixed.green += (other.green - green) * share
        mixed.blue += (other.blue - blue) * share
        return mixed
    }

    var darker: Colour { mixed(with: Colour(0), 0.25) }

    /// The pixel as it lies in memory on a little-endian machine, opaque.
    var packed: UInt32 { 0xff00_0000 | UInt32(blue) << 16 | UInt32(green) << 8 | UInt32(red) }
}
