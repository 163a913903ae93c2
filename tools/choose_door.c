/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Choosing the door; see choose_door.h. */
#include "choose_door.h"
#include "door/door.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <string.h>

const char *door_needed(const struct shim *shim, const struct program *program,
			bool *partly, const char **remedy)
{
	const char *why = shim_obstacle(shim, program, remedy);

	*partly = false;
	if (why)
		return why;
	*remedy = "--backend preload runs it all the same, with what is shared in sight";
	*partly = program_reach(shim, program, &why) == REACH_PART;
	return why;
}

/*
 * Whether the mount door serves PROGRAM; says why not in OUT. PARTLY: the library serves it
 * in part.
 */
static bool mount_serves(const struct shim *shim, const struct program *program,
			 bool partly, struct choice *out)
{
	static const struct cause absent = { "its program is not there",
					     "install privtmp again" };
	const struct cause *cause = NULL;
	struct refusal refusal;
	bool user;

	/*
	 * Who has become another user by "enter" cannot be traced, and so /proc has nothing
	 * that it can write maps to. The door, which is executed, can, and reports the rest.
	 */
	if (!shim->door[0])
		cause = &absent;
	else if (geteuid() != 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 1)
		user = true;
	else if (!probe_door(&refusal, &user, &out->probe))
		cause = ask_cause(&refusal);
	if (cause) {
		snprintf(out->what, sizeof out->what,
			 "%s%sthe mount door does not open: %s", out->why ? out->why : "",
			 out->why ? "; and " : "", cause->what);
		/* The door itself is none. */
		if (!out->remedy || !partly)
			out->remedy = cause->remedy;
		return false;
	}
	if (!program->secure || !user)
		return true;
	snprintf(out->what, sizeof out->what,
		 "%s; and behind the mount door of a plain user it would lose them",
		 out->why ? out->why : "it has other rights than yours");
	out->remedy = "run it as root, or list the shim in /etc/ld.so.preload";
	return false;
}

/* The library, or none. */
static void choose_preload(const struct shim *shim, const struct program *program,
			   bool limited, struct choice *out)
{
	out->why = shim_obstacle(shim, program, &out->remedy);
	if (!out->why && limited) {
		out->why = "the library holds no session to a size";
		out->remedy = "use --backend mount, or name a --root of that size";
	}
	if (!out->why)
		return;
	snprintf(out->what, sizeof out->what, "%s", out->why);
	out->door = DOOR_NONE;
}

void door_choose(enum backend backend, const struct settings *settings,
		 const struct shim *shim, const struct program *program,
		 struct choice *out)
{
	const bool limited = settings_limit(settings) != 0;
	bool partly = false;

	*out = (struct choice){ .door = DOOR_PRELOAD };
	if (backend == BACKEND_PRELOAD) {
		choose_preload(shim, program, limited, out);
		return;
	}
	if (limited) {
		out->why = "to be held to a size";
	} else if (backend == BACKEND_AUTO) {
		out->why = door_needed(shim, program, &partly, &out->remedy);
		/* Who is confined has the kernel to see the rest. */
		if (!out->why ||
		    (partly && settings->confine && !strcmp(settings->confine, "yes")))
			return;
	}
	if (mount_serves(shim, program, partly, out))
		out->door = DOOR_MOUNT;
	else
		out->door = partly ? DOOR_PRELOAD : DOOR_NONE;
}

void choice_settle(const struct choice *choice)
{
	if (choice->probe)
		waitpid(choice->probe, NULL, 0);
}

char **door_argv(const struct shim *shim, const char *path, char **argv)
{
	size_t n = 0, to = 0;
	char **out;

	while (argv[n])
		n++;
	out = calloc(n + 7, sizeof *out);
	if (!out)
		return NULL;
	out[to++] = (char *)shim->door;
	out[to++] = (char *)"--mount";
	out[to++] = (char *)"--argv0";
	out[to++] = argv[0];
	out[to++] = (char *)"--";
	out[to++] = (char *)path;
	for (size_t i = 1; i < n; i++)
		out[to++] = argv[i];
	return out;
}
