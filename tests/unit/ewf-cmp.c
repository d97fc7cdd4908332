/* SPDX-License-Identifier: Apache-2.0 */
/* ewf-cmp IMAGE.E01 RAW: has the E01 image the bytes of the raw file?  Read
 * by libewf alone, which checks every chunk on the way. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libewf.h>

#define PIECE (1 << 20)

static int fail(const char *what)
{
    fprintf(stderr, "ewf-cmp: %s\n", what);
    exit(2);
}

static libewf_handle_t *open_image(const char *first)
{
    libewf_handle_t *h = NULL;
    char **paths = NULL;
    int n = 0;

    if (libewf_glob(first, strlen(first), LIBEWF_FORMAT_UNKNOWN, &paths, &n,
                    NULL) != 1
        || libewf_handle_initialize(&h, NULL) != 1
        || libewf_handle_open(h, paths, n, LIBEWF_OPEN_READ, NULL) != 1)
        fail("the image cannot be opened");
    if (libewf_handle_segment_files_corrupted(h, NULL) != 0)
        fail("the image is not whole");
    libewf_glob_free(paths, n, NULL);
    return h;
}

int main(int argc, char **argv)
{
    static char x[PIECE], y[PIECE];
    libewf_handle_t *h;
    size64_t size = 0;
    struct stat st;
    int fd;

    if (argc != 3)
        fail("usage: ewf-cmp IMAGE.E01 RAW");
    h = open_image(argv[1]);
    fd = open(argv[2], O_RDONLY);
    if (fd < 0 || fstat(fd, &st) < 0
        || libewf_handle_get_media_size(h, &size, NULL) != 1)
        fail("the sizes are not known");
    if (size != (size64_t)st.st_size || size % PIECE) {
        puts("sizes differ");
        return 1;
    }
    for (size64_t at = 0; at < size; at += PIECE) {
        if (libewf_handle_read_buffer(h, x, PIECE, NULL) != PIECE)
            fail("a chunk cannot be read");
        if (pread(fd, y, PIECE, (off_t)at) != PIECE
            || memcmp(x, y, PIECE) != 0) {
            printf("differ in the MiB at byte %ju\n", (uintmax_t)at);
            return 1;
        }
    }
    if (libewf_handle_get_number_of_checksum_errors(
            h, &(uint32_t){ 0 }, NULL) < 0)
        fail("checksum errors are not known");
    libewf_handle_close(h, NULL);
    libewf_handle_free(&h, NULL);
    return 0;
}
