/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The environment of an executed program, with the variables that audit it. */
#ifndef PRIVTMP_AUDIT_EXEC_ENV_H
#define PRIVTMP_AUDIT_EXEC_ENV_H

#include <stddef.h>

struct audit_env {
	char *const *from;
	size_t entries, bytes;
};

/* Call before main: remembers this process's variables. */
void audit_env_start(char *const *envp);

/* The number of pointers that audit_env_fill needs as room for ENVP; at least 1. */
size_t audit_env_plan(struct audit_env *env, char *const *envp);
/* ENVP itself if it is complete; else a new one in ROOM. */
char *const *audit_env_fill(struct audit_env *env, void *room);

#endif
