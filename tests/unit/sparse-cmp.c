/* SPDX-License-Identifier: Apache-2.0 */
/* sparse-cmp A B: are two sparse files the same bytes?  Like cmp, but ranges
 * that are holes in both are not read, so that terabytes of nothing cost
 * nothing. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE (1 << 20)

static int open_file(const char *path, off_t *size)
{
    int fd = open(path, O_RDONLY);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0) {
        perror(path);
        exit(2);
    }
    *size = st.st_size;
    return fd;
}

/* Where the next data of either file begins, or `size'. */
static off_t next_data(int a, int b, off_t at, off_t size)
{
    off_t x = lseek(a, at, SEEK_DATA);
    off_t y = lseek(b, at, SEEK_DATA);

    if (x < 0)
        x = size;
    if (y < 0)
        y = size;
    return x < y ? x : y;
}

static size_t read_piece(int fd, char *buf, off_t at)
{
    size_t got = 0;

    while (got < PIECE) {
        ssize_t n = pread(fd, buf + got, PIECE - got, at + (off_t)got);

        if (n < 0) {
            perror("read");
            exit(2);
        }
        if (n == 0)
            break;
        got += (size_t)n;
    }
    return got;
}

int main(int argc, char **argv)
{
    static char x[PIECE], y[PIECE];
    off_t size, other;
    int a, b;

    if (argc != 3) {
        fprintf(stderr, "usage: sparse-cmp A B\n");
        return 2;
    }
    a = open_file(argv[1], &size);
    b = open_file(argv[2], &other);
    if (size != other) {
        printf("sizes differ: %jd %jd\n", (intmax_t)size, (intmax_t)other);
        return 1;
    }
    for (off_t at = next_data(a, b, 0, size); at < size;
         at = next_data(a, b, at, size)) {
        size_t n = read_piece(a, x, at);

        if (read_piece(b, y, at) != n || memcmp(x, y, n) != 0) {
            printf("differ between byte %jd and %jd\n", (intmax_t)at,
                   (intmax_t)at + PIECE);
            return 1;
        }
        at += (off_t)n;
    }
    return 0;
}
