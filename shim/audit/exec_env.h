/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The environment of a program that is started, with what audits it. */
#ifndef PRIVTMP_AUDIT_EXEC_ENV_H
#define PRIVTMP_AUDIT_EXEC_ENV_H

#include <stddef.h>

struct audit_env {
	char *const *from;
	size_t entries, bytes;
};

/* Before main: remembers this process's own. */
void audit_env_start(char *const *envp);

/* How many pointers of room audit_env_fill wants for what ENVP lacks; at least 1. */
size_t audit_env_plan(struct audit_env *env, char *const *envp);
/* ENVP itself where it lacks nothing, or one in ROOM. */
char *const *audit_env_fill(struct audit_env *env, void *room);

#endif
