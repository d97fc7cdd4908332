/* SPDX-License-Identifier: Apache-2.0 */
/* Edits an NTFS volume in a file through the driver's own library: what
 * ntfs-3g's tools cannot do without a mount.
 *
 *   ntfs-edit IMAGE mkdir PATH
 *   ntfs-edit IMAGE rm PATH
 *   ntfs-edit IMAGE mv PATH NEW-PATH
 *
 * Paths begin with a slash, and their folders are there. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <ntfs-3g/types.h>
#include <ntfs-3g/volume.h>

#include <ntfs-3g/dir.h>
#include <ntfs-3g/inode.h>
#include <ntfs-3g/unistr.h>

static void die(const char *what, const char *path)
{
    fprintf(stderr, "ntfs-edit: %s %s: ", what, path);
    perror(NULL);
    exit(1);
}

/* Where a name is, and the name as NTFS writes it. */
struct place {
    ntfs_inode *folder;
    ntfschar *name;
    u8 length;
};

static struct place find(ntfs_volume *v, const char *path)
{
    char *folder = strdup(path);
    char *slash = folder ? strrchr(folder, '/') : NULL;
    struct place p = { 0 };
    int n;

    if (!slash)
        die("no path:", path);
    n = ntfs_mbstoucs(slash + 1, &p.name);
    *slash = '\0';
    p.folder = ntfs_pathname_to_inode(v, NULL, *folder ? folder : "/");
    if (!p.folder || n < 1 || n > 255)
        die("cannot find the folder of", path);
    p.length = (u8)n;
    free(folder);
    return p;
}

static void leave(struct place *p)
{
    if (p->folder && ntfs_inode_close(p->folder) < 0)
        die("cannot write", "the folder");
    free(p->name);
}

static void make_folder(ntfs_volume *v, const char *path)
{
    struct place p = find(v, path);
    ntfs_inode *made = ntfs_create(p.folder, 0, p.name, p.length, S_IFDIR);

    if (!made || ntfs_inode_close(made) < 0)
        die("cannot make", path);
    leave(&p);
}

/* The library closes both inodes. */
static void take_name(ntfs_volume *v, const char *path)
{
    struct place p = find(v, path);
    ntfs_inode *file = ntfs_pathname_to_inode(v, NULL, path);

    if (!file
        || ntfs_delete(v, path, file, p.folder, p.name, p.length) < 0)
        die("cannot remove", path);
    p.folder = NULL;
    leave(&p);
}

static void give_name(ntfs_volume *v, const char *path, const char *name)
{
    struct place p = find(v, name);
    ntfs_inode *file = ntfs_pathname_to_inode(v, NULL, path);

    if (!file || ntfs_link(file, p.folder, p.name, p.length) < 0
        || ntfs_inode_close(file) < 0)
        die("cannot link", path);
    leave(&p);
}

static int edit(ntfs_volume *v, int n, char **words)
{
    if (n == 2 && strcmp(words[0], "mkdir") == 0) {
        make_folder(v, words[1]);
    } else if (n == 2 && strcmp(words[0], "rm") == 0) {
        take_name(v, words[1]);
    } else if (n == 3 && strcmp(words[0], "mv") == 0) {
        give_name(v, words[1], words[2]);
        take_name(v, words[1]);
    } else {
        fprintf(stderr, "ntfs-edit: mkdir PATH, rm PATH or mv PATH NEW\n");
        return 2;
    }
    return 0;
}

int main(int argc, char **argv)
{
    ntfs_volume *v = argc > 2 ? ntfs_mount(argv[1], 0) : NULL;
    int status = v ? edit(v, argc - 2, argv + 2) : 2;

    if (!v)
        die("cannot open", argc > 2 ? argv[1] : "nothing");
    if (ntfs_umount(v, FALSE) < 0)
        die("cannot write", argv[1]);
    return status;
}
