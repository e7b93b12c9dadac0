import { request, type Dispatcher } from 'undici'

/** Sends a request of DynamoDB's protocol, signed by nobody. */
export async function send(
  endpoint: string,
  operation: string,
  input: object,
  dispatcher?: Dispatcher,
): Promise<unknown> {
  const { statusCode, body } = await request(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(input),
    ...(dispatcher !== undefined && { dispatcher }),
  })
  const answer = await body.json()
  if (statusCode !== 200) throw new Error(`${operation}: ${JSON.stringify(answer)}`)
  return answer
}
