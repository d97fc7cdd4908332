/* SPDX-License-Identifier: Apache-2.0 */
#include "files/persistence.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <stddef.h>

/* The first row that matches.  `*' matches a slash, too.  Of Windows: in any
 * case. */
static const struct {
    const char *what;
    const char *pattern;
    bool windows;
} places[] = {
    { "ssh keys", "*/.ssh/authorized_keys*", false },
    { "ssh client", "*/.ssh/rc", false },
    { "ssh server", "/etc/ssh/sshd_config*", false },
    { "users", "/etc/passwd", false },
    { "users", "/etc/shadow", false },
    { "users", "/etc/group", false },
    { "users", "/etc/gshadow", false },
    { "sudo", "/etc/sudoers*", false },
    { "PAM", "/etc/pam.d/*", false },
    { "PAM", "/etc/security/*", false },
    { "PAM", "*/security/pam_*.so", false },
    { "preloaded libraries", "/etc/ld.so.*", false },
    { "cron", "/etc/cron*", false },
    { "cron", "/etc/anacrontab", false },
    { "cron", "/var/spool/cron/*", false },
    { "at", "/var/spool/at*", false },
    { "systemd", "/etc/systemd/*", false },
    { "systemd", "/lib/systemd/system*", false },
    { "systemd", "/usr/lib/systemd/system*", false },
    { "systemd", "/usr/local/lib/systemd/*", false },
    { "systemd", "*/.config/systemd/user/*", false },
    { "init scripts", "/etc/init.d/*", false },
    { "init scripts", "/etc/rc*.d/*", false },
    { "init scripts", "/etc/rc.local", false },
    { "init scripts", "/etc/inittab", false },
    { "logins", "/etc/profile*", false },
    { "logins", "/etc/bash*rc", false },
    { "logins", "/etc/environment", false },
    { "logins", "/etc/update-motd.d/*", false },
    { "logins", "*/.bashrc", false },
    { "logins", "*/.bash_profile", false },
    { "logins", "*/.bash_login", false },
    { "logins", "*/.profile", false },
    { "logins", "*/.zshrc", false },
    { "desktop", "*/.config/autostart/*", false },
    { "desktop", "/etc/xdg/autostart/*", false },
    { "devices", "/etc/udev/rules.d/*", false },
    { "devices", "*/lib/udev/rules.d/*", false },
    { "kernel modules", "/etc/modules*", false },
    { "kernel modules", "/lib/modules/*.ko*", false },
    { "kernel modules", "/usr/lib/modules/*.ko*", false },
    { "boot", "/boot/*", false },
    { "boot", "/etc/default/grub*", false },
    { "cloud-init", "/etc/cloud/*", false },
    { "cloud-init", "/var/lib/cloud/*", false },
    { "packages", "/etc/apt/apt.conf.d/*", false },
    { "packages", "/etc/yum/pluginconf.d/*", false },
    { "packages", "/etc/dnf/plugins/*", false },
    { "packages", "/var/lib/dpkg/info/*inst", false },
    { "web root", "/var/www/*", false },
    { "web root", "/srv/www/*", false },
    { "web root", "/usr/share/nginx/*", false },
    { "web root", "/inetpub/*", true },
    { "Run keys and services", "/windows/system32/config/software*", true },
    { "Run keys and services", "/windows/system32/config/system*", true },
    { "users", "/windows/system32/config/sam*", true },
    { "Run keys", "*/ntuser.dat*", true },
    { "Run keys", "*/usrclass.dat*", true },
    { "tasks", "/windows/system32/tasks/*", true },
    { "tasks", "/windows/tasks/*", true },
    { "start menu", "*/start menu/programs/startup/*", true },
    { "drivers", "/windows/system32/drivers/*", true },
    { "WMI", "/windows/system32/wbem/repository/*", true },
    { "group policy", "/windows/system32/grouppolicy/*", true },
    { "PowerShell", "*/windowspowershell/*profile.ps1", true },
    { "PowerShell", "*/powershell/*profile.ps1", true },
};

const char *persistence_of(const char *path)
{
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (fnmatch(places[i].pattern, path,
                    places[i].windows ? FNM_CASEFOLD : 0) == 0)
            return places[i].what;
    return NULL;
}
