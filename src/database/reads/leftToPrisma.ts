// Why a read is left to Prisma: something in it, or in the rows, is not known here for certain.

export class LeftToPrisma extends Error {}
