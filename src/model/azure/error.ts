/**
 * A refusal by Azure Resource Manager or a resource provider, as azure-cli prints it:
 * `(code) message`, then Code, Message and Target lines.
 */
export interface AzureError {
  /** Azure's own code, for example `SubnetIsFull`. `NotSimulated` is ours: real Azure may accept it. */
  readonly code: string;
  readonly message: string;
  /** What the code is about, for example `networkProfile.serviceCIDR`. */
  readonly target?: string;
}

export function azureError(code: string, message: string, target?: string): AzureError {
  return target === undefined ? { code, message } : { code, message, target };
}

/** Says that the course does not model something real Azure has; never silently ignore it. */
export function notSimulated(what: string): AzureError {
  return {
    code: 'NotSimulated',
    message: `${what} is not simulated in this workbook. Real Azure may accept it.`,
  };
}

/** Says that Azure refuses something, with a code that no public source has. */
export function refusedToo(what: string): AzureError {
  return azureError('NotSimulated', `${what} is not simulated in this workbook. Real Azure refuses it too.`);
}
