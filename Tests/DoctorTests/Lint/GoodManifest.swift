@testable import Doctor

/// An installation in which lint finds nothing: the cluster DNS is 10.96.0.10, the cache is at the link-local address alone.
enum GoodManifest {
    /// The cluster domain's block; kept apart so that a test can take it out.
    static let clusterBlock = """
            cluster.local:53 {
                errors
                cache {
                    success 9984 30
                    denial 9984 5
                }
                reload
                loop
                bind 169.254.20.10
                forward . 10.96.0.10 {
                    force_tcp
                }
                prometheus :9253
                health 169.254.20.10:8080
            }

        """

    /// A block with what each of the other zones has.
    private static func block(_ zone: String, _ forward: String) -> String {
        """
            \(zone):53 {
                errors
                cache 30
                reload
                loop
                bind 169.254.20.10
                forward . \(forward)
                prometheus :9253
            }

        """
    }

    /// The block of in-addr.arpa.
    static let reverseBlock = block("in-addr.arpa", "10.96.0.10 {\n            force_tcp\n        }")
    /// The block of `.`.
    static let rootBlock = block(".", "__PILLAR__UPSTREAM__SERVERS__")

    /// The ServiceAccount.
    static let account = """
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: node-local-dns
          namespace: kube-system
        ---

        """

    /// The Service that -upstreamsvc names.
    static let upstream = """
        apiVersion: v1
        kind: Service
        metadata:
          name: kube-dns-upstream
          namespace: kube-system
        spec:
          ports:
          - { name: dns, port: 53, protocol: UDP, targetPort: 53 }
          - { name: dns-tcp, port: 53, protocol: TCP, targetPort: 53 }
          selector:
            k8s-app: kube-dns
        ---

        """

    /// The Service for monitoring.
    static let metrics = """
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: node-local-dns
          namespace: kube-system
        spec:
          clusterIP: None
          ports:
          - { name: metrics, port: 9253, targetPort: 9253 }
          selector:
            k8s-app: node-local-dns

        """

    private static let mapHead = """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: node-local-dns
          namespace: kube-system
        data:
          Corefile: |

        """

    /// The Corefile as a file of its own.
    static let corefile =
        clusterBlock + reverseBlock + block("ip6.arpa", "10.96.0.10 {\n            force_tcp\n        }") + rootBlock

    /// The DaemonSet.
    static let daemonSet = """
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: node-local-dns
          namespace: kube-system
        spec:
          updateStrategy:
            rollingUpdate:
              maxUnavailable: 10%
          selector:
            matchLabels: { k8s-app: node-local-dns }
          template:
            metadata:
              labels: { k8s-app: node-local-dns }
              annotations: { prometheus.io/port: "9253", prometheus.io/scrape: "true" }
            spec:
              priorityClassName: system-node-critical
              serviceAccountName: node-local-dns
              hostNetwork: true
              dnsPolicy: Default
              tolerations:
              - { key: CriticalAddonsOnly, operator: Exists }
              - { effect: NoExecute, operator: Exists }
              - { effect: NoSchedule, operator: Exists }
              containers:
              - name: node-cache
                image: registry.k8s.io/dns/k8s-dns-node-cache:1.26.8
                resources:
                  requests: { cpu: 25m, memory: 5Mi }
                args:
                - -localip
                - 169.254.20.10
                - -conf
                - /etc/Corefile
                - -upstreamsvc
                - kube-dns-upstream
                - -pidfile
                - /run/node-cache.pid
                securityContext:
                  capabilities:
                    add: [NET_ADMIN]
                ports:
                - { containerPort: 53, name: dns, protocol: UDP }
                - { containerPort: 53, name: dns-tcp, protocol: TCP }
                - { containerPort: 9253, name: metrics, protocol: TCP }
                livenessProbe:
                  httpGet:
                    host: 169.254.20.10
                    path: /health
                    port: 8080
                  initialDelaySeconds: 60
                volumeMounts:
                - mountPath: /run/xtables.lock
                  name: xtables-lock
                  readOnly: false
                - name: config-volume
                  mountPath: /etc/coredns
                - name: kube-dns-config
                  mountPath: /etc/kube-dns
              volumes:
              - name: xtables-lock
                hostPath:
                  path: /run/xtables.lock
                  type: FileOrCreate
              - name: kube-dns-config
                configMap:
                  name: kube-dns
                  optional: true
              - name: config-volume
                configMap:
                  name: node-local-dns
                  items:
                  - { key: Corefile, path: Corefile.base }

        """

    /// The whole manifest.
    static let text = account + upstream + mapHead + corefile + daemonSet + metrics

    /// A kubelet that points at the cache.
    static let kubelet = """
        apiVersion: kubelet.config.k8s.io/v1beta1
        kind: KubeletConfiguration
        clusterDNS:
        - 169.254.20.10
        clusterDomain: cluster.local
        resolvConf: /run/systemd/resolve/resolv.conf

        """
}
