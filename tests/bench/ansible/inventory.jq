# Launchpad's lists as an Ansible inventory. Input: {"instances": [...], "containers": [...]}, as
# listInstances and listContainers answer. Containers are hosts whose tasks run here: what Ansible
# does to several hosts it does in parallel, what it loops over it does one by one.
def here:
  {ansible_connection: "local", ansible_python_interpreter: "{{ ansible_playbook_python }}"};
def hosts(rows): rows | map({(.containerId): {instance: .instanceId}}) | add // {};
{
  all: {
    hosts: {localhost: here},
    children: {
      platforms: {hosts: {platform: {}}},
      instances: {
        hosts: (.instances | map({(.instanceName): {instance_id: .instanceId}}) | add)
      },
      containers: {
        vars: here,
        children: {
          running: {hosts: hosts(.containers | map(select(.state == "RUNNING")))},
          stopped: {hosts: hosts(.containers | map(select(.state == "STOPPED")))}
        }
      }
    }
  }
}
