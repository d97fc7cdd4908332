# SPDX-License-Identifier: Apache-2.0
"""A file system of many inodes."""
import os
import shutil
import subprocess

PER_FOLDER = 500


def make(path, staging, count, size, env):
    """An ext4 of so many bytes with so many small files."""
    shutil.rmtree(staging, ignore_errors=True)
    for i in range(count):
        folder = os.path.join(staging, str(i // PER_FOLDER))
        if i % PER_FOLDER == 0:
            os.makedirs(folder)
        with open(os.path.join(folder, f'file-{i}'), 'w') as f:
            f.write(f'{i}\n')
    with open(path, 'w') as f:
        f.truncate(size)
    subprocess.check_call(['mkfs.ext4', '-q', '-F', '-b', '4096', '-m', '0',
                           '-d', staging, path], env=env)
    shutil.rmtree(staging)
