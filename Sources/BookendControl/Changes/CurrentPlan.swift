import BookendConfig
import BookendCore
import BookendProxy

/// The plan in force, as everything on the control loop sees it, and the numbers that the next one may give away.
final class CurrentPlan {
    private(set) var plan: Plan
    private(set) var vacancies: Vacancies

    init(_ plan: Plan, workers: Int) {
        self.plan = plan
        vacancies = Vacancies(workers: workers)
    }

    func names(of server: ServerID) -> (pool: String, server: String) {
        (plan.pools[plan.servers[server.index].pool.index].pool.name, plan.servers[server.index].name)
    }

    /// The next one, in which vacant numbers may have been given away.
    func follow(_ plan: Plan) {
        vacancies.give(plan)
        self.plan = plan
    }

    /// A worker may have let go of numbers.
    func take(_ observations: Observations) {
        vacancies.take(observations)
    }
}
