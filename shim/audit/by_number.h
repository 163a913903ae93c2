/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Trace points and their wrappers for a call from SITE, as syscall.c finds it. As the
 * functions of their names, else.
 */
#ifndef PRIVTMP_AUDIT_BY_NUMBER_H
#define PRIVTMP_AUDIT_BY_NUMBER_H

#include <stdint.h>

int audit_execve(uintptr_t site, const char *path, char *const *argv, char *const *envp);
int audit_execveat(uintptr_t site, int fd, const char *path, char *const *argv,
		   char *const *envp, int flags);
int audit_bind(uintptr_t site, int fd, const void *address, unsigned len);
int audit_connect(uintptr_t site, int fd, const void *address, unsigned len);
int audit_fchmod(uintptr_t site, int fd, unsigned mode);

#endif
