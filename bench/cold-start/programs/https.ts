import { connect } from '../../wire/contestants/https-and-parse.ts'
import { endpoint, reportStart } from '../cost.ts'

const { AWS_REGION: region = '', AWS_ACCESS_KEY_ID: accessKeyId = '' } = process.env
const { AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = process.env
const operations = Promise.resolve(
  connect({ endpoint, region, credentials: { accessKeyId, secretAccessKey } }),
)
void operations.then(({ get }) => get(0)).then(reportStart)
