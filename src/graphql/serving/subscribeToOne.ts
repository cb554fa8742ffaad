// Refuses subscriptions whose one field may be left out. graphql 16 does not know the rule yet, and fails when there is none.
// https://spec.graphql.org/September2025/#sec-Single-Root-Field

import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'

/** The plugin for Yoga. */
export function subscribeToOne(): Plugin {
  return { onValidate: ({ addValidationRule }) => addValidationRule(nothingLeftOut) }
}

function nothingLeftOut(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition: ({ operation, selectionSet }) => {
      if (operation !== OperationTypeNode.SUBSCRIPTION) return
      for (const { directives = [] } of atRoot(selectionSet, context)) {
        for (const directive of directives) {
          if (!/^(?:skip|include)$/.test(directive.name.value)) continue
          const message = `@${directive.name.value} cannot be used at the root of a subscription.`
          context.reportError(new GraphQLError(message, { nodes: directive }))
        }
      }
    },
  }
}

/** What stands there, also by way of fragments, each of which is looked through once. */
function atRoot({ selections }: SelectionSetNode, context: ValidationContext): Set<SelectionNode> {
  const found = new Set(selections)
  for (const selection of found) {
    if (selection.kind === Kind.FIELD) continue
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : context.getFragment(selection.name.value)
    for (const one of inner?.selectionSet.selections ?? []) found.add(one)
  }
  return found
}
