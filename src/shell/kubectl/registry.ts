import { ANNOTATE, LABEL } from './label.ts';
import { API_RESOURCES, CLUSTER_INFO, OPTIONS, VERSION } from './cluster-info.ts';
import { APPLY } from './apply.ts';
import type { KubectlCommand } from './command.ts';
import { CONFIG_COMMANDS } from './config.ts';
import { CORDON, UNCORDON } from './cordon.ts';
import { CP } from './cp.ts';
import { CREATE_CONFIGMAP, CREATE_SECRET_GENERIC } from './create-configmap.ts';
import { CREATE, CREATE_DEPLOYMENT, CREATE_NAMESPACE } from './create.ts';
import {
  CREATE_SERVICE_CLUSTERIP,
  CREATE_SERVICE_LOADBALANCER,
  CREATE_SERVICE_NODEPORT,
} from './create-service.ts';
import { DEBUG } from './debug.ts';
import { DELETE } from './delete.ts';
import { DESCRIBE } from './describe.ts';
import { DRAIN } from './drain.ts';
import { EVENTS } from './events.ts';
import { EXEC } from './exec.ts';
import { EXPOSE } from './expose.ts';
import { GET } from './get.ts';
import { LOGS } from './logs.ts';
import { PATCH } from './patch.ts';
import { REPLACE } from './replace.ts';
import { ROLLOUT_RESTART, ROLLOUT_STATUS } from './rollout.ts';
import { RUN } from './run.ts';
import { SCALE } from './scale.ts';
import { SET_ENV } from './set-env.ts';
import { SET_IMAGE } from './set-image.ts';
import { WAIT } from './wait.ts';

/** Every simulated kubectl command. */
export const KUBECTL_COMMANDS: readonly KubectlCommand[] = [
  ANNOTATE,
  API_RESOURCES,
  APPLY,
  CLUSTER_INFO,
  ...CONFIG_COMMANDS,
  CORDON,
  CP,
  CREATE,
  CREATE_CONFIGMAP,
  CREATE_DEPLOYMENT,
  CREATE_NAMESPACE,
  CREATE_SECRET_GENERIC,
  CREATE_SERVICE_CLUSTERIP,
  CREATE_SERVICE_LOADBALANCER,
  CREATE_SERVICE_NODEPORT,
  DEBUG,
  DELETE,
  DESCRIBE,
  DRAIN,
  EVENTS,
  EXEC,
  EXPOSE,
  GET,
  LABEL,
  LOGS,
  OPTIONS,
  PATCH,
  REPLACE,
  ROLLOUT_RESTART,
  ROLLOUT_STATUS,
  RUN,
  SCALE,
  SET_ENV,
  SET_IMAGE,
  UNCORDON,
  VERSION,
  WAIT,
];

/** What `kubectl create` of a real cluster can make and this one cannot. */
export const NOT_SIMULATED_KINDS: readonly string[] = [
  'clusterrole',
  'clusterrolebinding',
  'cronjob',
  'ingress',
  'job',
  'poddisruptionbudget',
  'priorityclass',
  'quota',
  'role',
  'rolebinding',
  'secret docker-registry',
  'secret tls',
  'serviceaccount',
  'service externalname',
  'token',
  'apply edit-last-applied',
  'apply set-last-applied',
  'apply view-last-applied',
  'cluster-info dump',
  'config delete-cluster',
  'config delete-user',
  'config rename-context',
  'config set',
  'config set-cluster',
  'config set-credentials',
  'config unset',
  'rollout history',
  'rollout pause',
  'rollout resume',
  'rollout undo',
  'set resources',
  'set selector',
  'set serviceaccount',
  'set subject',
];

/** Commands of real kubectl that this one refuses by name. */
export const NOT_SIMULATED_COMMANDS: Readonly<Record<string, string>> = {
  alpha: 'experimental commands are not part of this workbook',
  'api-versions': 'kubectl api-resources says the version of each resource',
  attach: 'simulated containers have no running console; use kubectl exec',
  auth: 'the simulated API server has no roles and lets you do everything, so just do it',
  autoscale: 'there are no metrics to scale by',
  certificate: 'there are no certificates here',
  completion: 'Tab completes in the interactive shell already',
  diff: 'use kubectl get -o yaml and compare',
  edit: 'there is no editor; kubectl patch, or change the manifest and kubectl apply it',
  explain:
    'kubectl api-resources lists what is modelled, and kubectl apply --dry-run=server names each field of a manifest that is not',
  kuberc: 'there is no file of preferences here',
  kustomize: 'kustomizations are not part of this workbook',
  plugin: 'there are no plugins here',
  'port-forward': 'the workstation is not on the simulated network; use kubectl exec',
  proxy: 'the workstation is not on the simulated network',
  taint: 'use az aks nodepool add --node-taints',
  top: 'there are no metrics, since nothing is really running; kubectl describe node shows what its pods request',
};
