extension Stage {
    /// Runs curl to its end. It never reads a `.curlrc`.
    func curl(_ arguments: [String], input: String = "/dev/null", within seconds: Double = 60) throws -> Finished {
        let program = try start("curl", ["-q", "-sS", "-m", "50"] + arguments, input: input, named: "curl")
        return try finish(program, within: seconds)
    }
}
