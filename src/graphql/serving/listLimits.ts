// Bounds every list that a request brings: what is done for each entry is done for a hundred at most.

import {
  type ExecutionArgs,
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  getOperationAST,
  isInputObjectType,
  isInputType,
  isListType,
  typeFromAST,
  type ValidationRule,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'

/** The most entries of a list. A page holds no more either. */
const longest = 100

/** The plugin for Yoga: lists in the document are counted once for each document, those in variables for every request. */
export function limitLists(): Plugin {
  return {
    onValidate: ({ addValidationRule }) => addValidationRule(shortLists),
    onExecute: ({ args }) => refuseLongVariables(args),
    onSubscribe: ({ args }) => refuseLongVariables(args),
  }
}

/** Only lists of the schema: a value of the scalar JSON is none of its business. */
const shortLists: ValidationRule = (context) => ({
  ListValue: (node) => {
    const type = context.getParentInputType()
    if (!isListType(type && getNullableType(type)) || node.values.length <= longest) return
    context.reportError(tooLong('A list in the query', node.values.length))
  },
})

/** @throws GraphQLError BAD_USER_INPUT */
function refuseLongVariables({ schema, document, operationName, variableValues }: ExecutionArgs) {
  for (const { variable, type } of getOperationAST(document, operationName)?.variableDefinitions ?? []) {
    const declared = typeFromAST(schema as GraphQLSchema, type as never)
    if (isInputType(declared)) lookAt(declared, variableValues?.[variable.name.value], `$${variable.name.value}`)
  }
}

function lookAt(type: GraphQLInputType, value: unknown, path: string) {
  const nullable = getNullableType(type)
  if (isListType(nullable) && Array.isArray(value)) {
    if (value.length > longest) throw tooLong(path, value.length)
    for (const [index, entry] of value.entries()) lookAt(nullable.ofType, entry, `${path}.${index}`)
  } else if (isInputObjectType(nullable) && typeof value === 'object' && value !== null) {
    for (const [name, field] of Object.entries(nullable.getFields())) {
      lookAt(field.type, (value as Record<string, unknown>)[name], `${path}.${name}`)
    }
  }
}

function tooLong(path: string, length: number): GraphQLError {
  const message = `has ${length} entries, and at most ${longest} are accepted: send it in parts`
  return new GraphQLError(`${path} ${message}.`, {
    extensions: { code: 'BAD_USER_INPUT', issues: [{ path, message }], http: { spec: true, status: 400 } },
  })
}
