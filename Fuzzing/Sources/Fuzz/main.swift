/// `Fuzz TARGET [libFuzzer's arguments]`: runs one fuzz target under libFuzzer, which looks for inputs that reach new
/// code and stops at the first that crashes or differs.

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ target: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

func run(_ target: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt) -> CInt {
    var count = CommandLine.argc - 1
    // libFuzzer takes the first argument for the program's name.
    var arguments = CommandLine.unsafeArgv + 1
    return runDriver(&count, &arguments, target)
}

switch CommandLine.arguments.dropFirst().first {
case "requests":
    _ = run { start, count in
        compareRequests(Array(UnsafeBufferPointer(start: start, count: count)))
        return 0
    }
case "responses":
    _ = run { start, count in
        compareResponses(Array(UnsafeBufferPointer(start: start, count: count)))
        return 0
    }
case "pieces":
    _ = run { start, count in
        comparePieces(Array(UnsafeBufferPointer(start: start, count: count)))
        return 0
    }
case "rewriting":
    _ = run { start, count in
        checkRewriting(Array(UnsafeBufferPointer(start: start, count: count)))
        return 0
    }
default:
    print("usage: Fuzz requests|responses|pieces|rewriting [libFuzzer's arguments]")
}
