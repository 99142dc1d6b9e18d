/// Why a text is no quantity, and what it would be if it were spelled right.
struct UnitProblem: Error, Equatable {
    var reason: String?
    var meant: String?
}

/// A number with a unit behind it, taken apart but not yet understood.
struct Quantity {
    let whole: Int
    /// The digits behind a decimal point, if there is one.
    let fraction: String?
    let unit: String
    /// Something stood between number and unit.
    let isSpaced: Bool

    init?(_ text: String) {
        let number = text.prefix { $0.isASCII && $0.isNumber }
        guard let whole = Int(digits: number) else { return nil }
        var rest = text.dropFirst(number.count)
        var fraction: String?
        if rest.first == "." {
            let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            guard !digits.isEmpty else { return nil }
            fraction = String(digits)
            rest = rest.dropFirst(1 + digits.count)
        }
        let unit = rest.drop { $0 == " " || $0 == "_" }
        self.whole = whole
        self.fraction = fraction
        self.unit = String(unit)
        isSpaced = unit.count != rest.count
    }

    /// The number times `size`, which the smallest unit counts; `nil` when it is no whole number of those or does not
    /// fit.
    func scaled(by size: Int, smallest: Int) -> Int? {
        let (product, overflow) = whole.multipliedReportingOverflow(by: size)
        guard !overflow else { return nil }
        guard let fraction, !fraction.isEmpty else { return product }
        guard fraction.count <= 6, let part = Int(digits: fraction) else { return nil }
        let power = (0..<fraction.count).reduce(1) { value, _ in value * 10 }
        let (scaled, overflows) = part.multipliedReportingOverflow(by: size)
        guard !overflows, scaled % power == 0, scaled / power % smallest == 0 else { return nil }
        let (sum, isTooLarge) = product.addingReportingOverflow(scaled / power)
        return isTooLarge ? nil : sum
    }
}

/// The units of one kind of quantity.
struct Units {
    /// What is accepted, with its size in the smallest thing that counts.
    let accepted: [(name: String, size: Int)]
    /// What people write instead, lower case, with what they mean.
    let spellings: [String: String]
    /// How a size is written.
    let written: (Int) -> String
    /// A number without a unit is probably meant in this one.
    let likely: String

    func parse(_ text: String) -> Result<Int, UnitProblem> {
        guard let quantity = Quantity(text) else { return .failure(UnitProblem()) }
        guard !quantity.unit.isEmpty else {
            if quantity.fraction == nil, quantity.whole == 0 { return .success(0) }
            return .failure(UnitProblem(reason: "its unit is missing", meant: "\(quantity.whole)\(likely)"))
        }
        let exact = accepted.first { $0.name == quantity.unit }
        let meant =
            exact ?? spellings[quantity.unit.lowercased()].flatMap { name in accepted.first { $0.name == name } }
        guard let meant else { return .failure(UnitProblem(reason: "`\(quantity.unit)` is no unit for it")) }
        guard let value = quantity.scaled(by: meant.size, smallest: accepted[0].size) else {
            let isLarge = quantity.fraction == nil
            return .failure(UnitProblem(reason: isLarge ? "the number is too large" : "the number is not whole"))
        }
        if exact != nil, quantity.fraction == nil, !quantity.isSpaced { return .success(value) }
        return .failure(UnitProblem(reason: reason(quantity, isExact: exact != nil), meant: written(value)))
    }

    private func reason(_ quantity: Quantity, isExact: Bool) -> String? {
        if !isExact { return "`\(quantity.unit)` is no unit for it" }
        return quantity.fraction == nil ? "nothing stands between number and unit" : "the number is not whole"
    }
}
