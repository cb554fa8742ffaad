// Why a query has no plan, or one execution of it cannot go by its plan.

export class LeftToExecutor extends Error {}
