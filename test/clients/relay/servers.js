// The list of servers, a server by itself, and what can be done with it.

import { graphql } from 'react-relay'

export const serversQuery = graphql`
  query serversQuery {
    servers(first: 20) @connection(key: "servers_servers") {
      edges {
        node {
          id
          ...servers_server
        }
      }
    }
  }
`

// `@refetchable` fetches one again through `node(id:)`.
export const server = graphql`
  fragment servers_server on Server @refetchable(queryName: "serversServerRefetchQuery") {
    displayName
    state
    jobs {
      id
      ...jobs_job
    }
  }
`

export const rename = graphql`
  mutation serversRenameMutation($id: ID!, $input: UpdateServerInput!) {
    updateServer(id: $id, input: $input) {
      server {
        ...servers_server
      }
    }
  }
`

// The record goes from everywhere it is shown.
export const remove = graphql`
  mutation serversDeleteMutation($id: ID!) {
    deleteServer(id: $id) {
      deletedServer {
        id @deleteRecord
      }
    }
  }
`
