import BookendLoop
import CLinux
import Glibc

/// A file that exists only in memory and is passed to another process by its descriptor.
enum MemoryFile {
    static func holding(_ text: String) throws(Supervisor.StartFailure) -> FileDescriptor {
        let raw = clinux_memory_file("bookend-configuration")
        guard raw >= 0 else {
            throw Supervisor.StartFailure(description: "cannot make a file in memory: \(Errno.last)")
        }
        let file = FileDescriptor(owning: raw)
        guard file.writeAll(Array(text.utf8)) else {
            throw Supervisor.StartFailure(description: "cannot write to a file in memory: \(Errno.last)")
        }
        return file
    }

    /// Reads the whole file, wherever its position is: another process may have read it before.
    static func text(of descriptor: borrowing FileDescriptor) -> String {
        let size = Int(max(0, lseek(descriptor.raw, 0, SEEK_END)))
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { memory, count in
            count = max(0, pread(descriptor.raw, memory.baseAddress, size, 0))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
