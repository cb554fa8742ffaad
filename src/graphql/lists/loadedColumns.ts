// Takes a column from the row where it was loaded. Pothos asks for every field of every row in which query its row was
// loaded, to load what is missing; what is there needs no asking, and most of the fields of an answer are of this kind.

import { type GraphQLSchema, getNullableType, isLeafType, isObjectType } from 'graphql'

/** Afterwards only a field whose column is missing in its row asks Pothos. */
export function readLoadedColumns(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue
    for (const field of Object.values(type.getFields())) {
      const { resolve, extensions } = field
      const column = extensions.pothosExposedField
      if (!resolve || typeof column !== 'string' || !isLeafType(getNullableType(field.type))) continue
      field.resolve = (row, args, context, info) => {
        const value = row[column]
        return value === undefined ? resolve(row, args, context, info) : value
      }
    }
  }
  return schema
}
