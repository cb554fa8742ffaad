// Keeps the schema from whoever asks for it: no introspection, and no message that suggests a name.

import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql'
import type { Plugin } from 'graphql-yoga'

/**
 * The plugin for Yoga. Suggestions are taken out of the results, because the option that graphql has for it does not reach
 * the variables: Yoga's executor drops it.
 */
export function hideSchema(): Plugin {
  return {
    onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule),
    onResultProcess: ({ result, setResult }) => {
      if ('errors' in result && result.errors) setResult({ ...result, errors: result.errors.map(withoutSuggestion) })
    },
  }
}

function withoutSuggestion(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message.replace(/ Did you mean .*\?$/s, ''), error)
}
