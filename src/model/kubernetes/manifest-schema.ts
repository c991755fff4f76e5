/**
 * Which fields of the modelled kinds exist, which of those the workbook models, and what type each
 * has. The API server refuses unknown fields (strict field validation); we also refuse known fields
 * that we do not model, and say so.
 */

export type Schema =
  | { readonly kind: 'string' | 'integer' | 'boolean' | 'integer-or-string' | 'quantity' | 'ignored' }
  | { readonly kind: 'not-simulated' }
  | { readonly kind: 'map'; readonly of: Schema }
  | { readonly kind: 'list'; readonly of: Schema }
  | { readonly kind: 'object'; readonly goType: string; readonly fields: Readonly<Record<string, Schema>> };

const STRING: Schema = { kind: 'string' };
const INTEGER: Schema = { kind: 'integer' };
const BOOLEAN: Schema = { kind: 'boolean' };
const INTEGER_OR_STRING: Schema = { kind: 'integer-or-string' };
/** Set by the server; a client may send it back, and the server takes no notice. */
const IGNORED: Schema = { kind: 'ignored' };
const NOT_SIMULATED: Schema = { kind: 'not-simulated' };
const STRINGS: Schema = { kind: 'map', of: STRING };

function list(of: Schema): Schema {
  return { kind: 'list', of };
}

function object(goType: string, fields: Readonly<Record<string, Schema>>, elsewhere = ''): Schema {
  const known: Record<string, Schema> = { ...fields };
  for (const name of elsewhere.split(' ').filter((each) => each !== '')) known[name] = NOT_SIMULATED;
  return { kind: 'object', goType, fields: known };
}

const METADATA = object(
  'ObjectMeta',
  {
    name: STRING,
    namespace: STRING,
    labels: STRINGS,
    annotations: STRINGS,
    creationTimestamp: IGNORED,
    uid: IGNORED,
    resourceVersion: IGNORED,
    generation: IGNORED,
    managedFields: IGNORED,
    selfLink: IGNORED,
  },
  'generateName ownerReferences finalizers deletionTimestamp deletionGracePeriodSeconds',
);

const PROBE = object(
  'Probe',
  {
    httpGet: object(
      'HTTPGetAction',
      { path: STRING, port: INTEGER_OR_STRING, scheme: STRING },
      'host httpHeaders',
    ),
    tcpSocket: object('TCPSocketAction', { port: INTEGER_OR_STRING }, 'host'),
    exec: object('ExecAction', { command: list(STRING) }),
    initialDelaySeconds: INTEGER,
    periodSeconds: INTEGER,
    timeoutSeconds: INTEGER,
    failureThreshold: INTEGER,
    successThreshold: INTEGER,
  },
  'grpc terminationGracePeriodSeconds',
);

const FIELD_REF = object('ObjectFieldSelector', { apiVersion: STRING, fieldPath: STRING });
const KEYS_TO_PATHS = list(object('KeyToPath', { key: STRING, path: STRING, mode: INTEGER }));
const DOWNWARD_FILES = list(
  object('DownwardAPIVolumeFile', { path: STRING, fieldRef: FIELD_REF, mode: INTEGER }, 'resourceFieldRef'),
);
const VOLUME_SOURCES = {
  configMap: object('ConfigMapVolumeSource', {
    name: STRING,
    items: KEYS_TO_PATHS,
    defaultMode: INTEGER,
    optional: BOOLEAN,
  }),
  secret: object('SecretVolumeSource', {
    secretName: STRING,
    items: KEYS_TO_PATHS,
    defaultMode: INTEGER,
    optional: BOOLEAN,
  }),
  hostPath: object('HostPathVolumeSource', { path: STRING, type: STRING }),
  emptyDir: object('EmptyDirVolumeSource', { medium: STRING, sizeLimit: { kind: 'quantity' } }),
  downwardAPI: object('DownwardAPIVolumeSource', { items: DOWNWARD_FILES, defaultMode: INTEGER }),
  projected: object('ProjectedVolumeSource', {
    sources: list(
      object(
        'VolumeProjection',
        {
          configMap: object('ConfigMapProjection', { name: STRING, items: KEYS_TO_PATHS, optional: BOOLEAN }),
          secret: object('SecretProjection', { name: STRING, items: KEYS_TO_PATHS, optional: BOOLEAN }),
          downwardAPI: object('DownwardAPIProjection', { items: DOWNWARD_FILES }),
        },
        'clusterTrustBundle podCertificate serviceAccountToken',
      ),
    ),
    defaultMode: INTEGER,
  }),
} as const;

const VOLUME = object(
  'Volume',
  { name: STRING, ...VOLUME_SOURCES },
  'awsElasticBlockStore azureDisk azureFile cephfs cinder csi ephemeral fc flexVolume flocker gcePersistentDisk gitRepo ' +
    'glusterfs image iscsi nfs persistentVolumeClaim photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume',
);

const VOLUME_MOUNT = object(
  'VolumeMount',
  { name: STRING, mountPath: STRING, subPath: STRING, readOnly: BOOLEAN },
  'mountPropagation recursiveReadOnly subPathExpr',
);

const KEY_SELECTOR = { name: STRING, key: STRING, optional: BOOLEAN };
const ENV_VAR_SOURCE = object(
  'EnvVarSource',
  {
    configMapKeyRef: object('ConfigMapKeySelector', KEY_SELECTOR),
    secretKeyRef: object('SecretKeySelector', KEY_SELECTOR),
    fieldRef: FIELD_REF,
  },
  'fileKeyRef resourceFieldRef',
);
const ENV_FROM = object('EnvFromSource', {
  prefix: STRING,
  configMapRef: object('ConfigMapEnvSource', { name: STRING, optional: BOOLEAN }),
  secretRef: object('SecretEnvSource', { name: STRING, optional: BOOLEAN }),
});

const CONTAINER = object(
  'Container',
  {
    name: STRING,
    image: STRING,
    command: list(STRING),
    args: list(STRING),
    ports: list(
      object(
        'ContainerPort',
        { containerPort: INTEGER, protocol: STRING, name: STRING, hostPort: INTEGER },
        'hostIP',
      ),
    ),
    env: list(object('EnvVar', { name: STRING, value: STRING, valueFrom: ENV_VAR_SOURCE })),
    envFrom: list(ENV_FROM),
    volumeMounts: list(VOLUME_MOUNT),
    resources: object(
      'ResourceRequirements',
      {
        requests: { kind: 'map', of: { kind: 'quantity' } },
        limits: { kind: 'map', of: { kind: 'quantity' } },
      },
      'claims',
    ),
    imagePullPolicy: STRING,
    stdin: BOOLEAN,
    tty: BOOLEAN,
    livenessProbe: PROBE,
    readinessProbe: PROBE,
    terminationMessagePath: IGNORED,
    terminationMessagePolicy: IGNORED,
  },
  'lifecycle resizePolicy restartPolicy securityContext startupProbe stdinOnce volumeDevices workingDir',
);

const POD_SPEC = object(
  'PodSpec',
  {
    containers: list(CONTAINER),
    hostNetwork: BOOLEAN,
    nodeName: STRING,
    nodeSelector: STRINGS,
    tolerations: list(
      object('Toleration', {
        key: STRING,
        operator: STRING,
        value: STRING,
        effect: STRING,
        tolerationSeconds: INTEGER,
      }),
    ),
    restartPolicy: STRING,
    dnsPolicy: STRING,
    serviceAccountName: STRING,
    serviceAccount: IGNORED,
    priorityClassName: STRING,
    terminationGracePeriodSeconds: INTEGER,
    volumes: list(VOLUME),
    schedulerName: IGNORED,
    securityContext: IGNORED,
    enableServiceLinks: IGNORED,
    preemptionPolicy: IGNORED,
    priority: IGNORED,
  },
  'activeDeadlineSeconds affinity automountServiceAccountToken dnsConfig ephemeralContainers hostAliases hostIPC hostPID hostUsers hostname ' +
    'imagePullSecrets initContainers os overhead readinessGates resourceClaims resources runtimeClassName schedulingGates setHostnameAsFQDN ' +
    'shareProcessNamespace subdomain topologySpreadConstraints',
);

const TEMPLATE = object('PodTemplateSpec', { metadata: METADATA, spec: POD_SPEC });
const FULL_SELECTOR = object('LabelSelector', {
  matchLabels: STRINGS,
  matchExpressions: list(
    object('LabelSelectorRequirement', { key: STRING, operator: STRING, values: list(STRING) }),
  ),
});
const POLICY_PEERS = list(
  object('NetworkPolicyPeer', {
    podSelector: FULL_SELECTOR,
    namespaceSelector: FULL_SELECTOR,
    ipBlock: object('IPBlock', { cidr: STRING, except: list(STRING) }),
  }),
);
const POLICY_PORTS = list(
  object('NetworkPolicyPort', { protocol: STRING, port: INTEGER_OR_STRING, endPort: INTEGER }),
);
const SELECTOR = object('LabelSelector', { matchLabels: STRINGS }, 'matchExpressions');

function kind(goType: string, apiVersion: string, fields: Readonly<Record<string, Schema>>): KindSchema {
  return {
    apiVersion,
    schema: object(goType, {
      apiVersion: STRING,
      kind: STRING,
      metadata: METADATA,
      status: IGNORED,
      ...fields,
    }),
  };
}

export interface KindSchema {
  readonly apiVersion: string;
  readonly schema: Schema;
}

/** The kinds that a manifest may have. */
export const KIND_SCHEMAS: Readonly<Record<string, KindSchema>> = {
  Namespace: kind('Namespace', 'v1', { spec: object('NamespaceSpec', { finalizers: IGNORED }) }),
  ConfigMap: kind('ConfigMap', 'v1', { data: STRINGS, binaryData: NOT_SIMULATED, immutable: NOT_SIMULATED }),
  Secret: kind('Secret', 'v1', {
    type: STRING,
    data: STRINGS,
    stringData: STRINGS,
    immutable: NOT_SIMULATED,
  }),
  Pod: kind('Pod', 'v1', { spec: POD_SPEC }),
  Deployment: kind('Deployment', 'apps/v1', {
    spec: object(
      'DeploymentSpec',
      {
        replicas: INTEGER,
        selector: SELECTOR,
        template: TEMPLATE,
        strategy: object('DeploymentStrategy', {
          type: STRING,
          rollingUpdate: object('RollingUpdateDeployment', {
            maxSurge: INTEGER_OR_STRING,
            maxUnavailable: INTEGER_OR_STRING,
          }),
        }),
        revisionHistoryLimit: IGNORED,
        progressDeadlineSeconds: IGNORED,
        minReadySeconds: IGNORED,
      },
      'paused',
    ),
  }),
  ReplicaSet: kind('ReplicaSet', 'apps/v1', {
    spec: object('ReplicaSetSpec', {
      replicas: INTEGER,
      selector: SELECTOR,
      template: TEMPLATE,
      minReadySeconds: IGNORED,
    }),
  }),
  DaemonSet: kind('DaemonSet', 'apps/v1', {
    spec: object('DaemonSetSpec', {
      selector: SELECTOR,
      template: TEMPLATE,
      updateStrategy: IGNORED,
      revisionHistoryLimit: IGNORED,
      minReadySeconds: IGNORED,
    }),
  }),
  NetworkPolicy: kind('NetworkPolicy', 'networking.k8s.io/v1', {
    spec: object('NetworkPolicySpec', {
      podSelector: FULL_SELECTOR,
      policyTypes: list(STRING),
      ingress: list(object('NetworkPolicyIngressRule', { from: POLICY_PEERS, ports: POLICY_PORTS })),
      egress: list(object('NetworkPolicyEgressRule', { to: POLICY_PEERS, ports: POLICY_PORTS })),
    }),
  }),
  Service: kind('Service', 'v1', {
    spec: object(
      'ServiceSpec',
      {
        type: STRING,
        clusterIP: STRING,
        clusterIPs: IGNORED,
        selector: STRINGS,
        ports: list(
          object('ServicePort', {
            name: STRING,
            protocol: STRING,
            port: INTEGER,
            targetPort: INTEGER_OR_STRING,
            nodePort: INTEGER,
            appProtocol: STRING,
          }),
        ),
        sessionAffinity: STRING,
        sessionAffinityConfig: object('SessionAffinityConfig', {
          clientIP: object('ClientIPConfig', { timeoutSeconds: INTEGER }),
        }),
        externalTrafficPolicy: STRING,
        internalTrafficPolicy: STRING,
        publishNotReadyAddresses: BOOLEAN,
        allocateLoadBalancerNodePorts: BOOLEAN,
        healthCheckNodePort: INTEGER,
        loadBalancerClass: STRING,
        loadBalancerIP: STRING,
        loadBalancerSourceRanges: list(STRING),
        ipFamilies: list(STRING),
        ipFamilyPolicy: STRING,
      },
      'externalIPs externalName trafficDistribution',
    ),
  }),
};
