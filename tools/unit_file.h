/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settings of a systemd unit that matter here. */
#ifndef PRIVTMP_UNIT_FILE_H
#define PRIVTMP_UNIT_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct options;

struct unit_file {
	char path[PATH_MAX];   /* empty: not found */
	char ours[PATH_MAX];   /* privtmp's own drop-in; empty: none */
	bool private_tmp;      /* PrivateTmp= */
	bool dynamic_user;     /* DynamicUser=, which implies it */
	bool forking;	       /* Type=forking */
	char user[64];	       /* User= */
	bool new_privileges;   /* NoNewPrivileges=no, or what needs them: PAMName= */
	bool powers;	       /* AmbientCapabilities=, or mounts of its own */
	unsigned runtime_mode; /* RuntimeDirectoryMode=; 0: not said */
	char starts[256];      /* of a socket, timer or path: Service= or Unit= */
	bool accepts;	       /* of a socket: an instance for each connection */
	char preload[512];     /* LD_PRELOAD in its environment */
	/* Files whose LD_PRELOAD wins over a drop-in's: empty if there are none. */
	char environment[PATH_MAX]; /* an EnvironmentFile= */
	char later[PATH_MAX];	    /* a drop-in that comes after privtmp's own */
	bool unsets;		    /* UnsetEnvironment=LD_PRELOAD, which always wins */
	/* Lists of paths that the service can use so or not: the longest one counts. */
	char written[1024],
		read_only[1024];	    /* ReadWritePaths=; ReadOnlyPaths= and such */
	char executed[1024], no_exec[1024]; /* ExecPaths=, NoExecPaths= */
	bool strict;			    /* ProtectSystem=strict: all is read-only */
	char program[PATH_MAX];		    /* of the first ExecStart= */
	char pid_file[PATH_MAX];	    /* PIDFile=, as it stands */
	char root[PATH_MAX]; /* RootDirectory= or RootImage=; empty: none */
	bool image;	     /* the latter */
};

/* The first line of the drop-ins that are privtmp's own, up to the unit's name. */
extern const char unit_mark[];

/* The name of these drop-ins. */
extern const char unit_dropin[];

/*
 * Calls FN for each drop-in of privtmp's own where the system's units are, or the user's:
 * its path, and the unit's name.
 */
void unit_each_dropin(bool user,
		      void (*fn)(void *arg, const char *path, const char *unit),
		      void *arg);

/* Calls FN for each service and socket that there is, some of them twice. */
void unit_each(bool user, void (*fn)(void *arg, const char *name), void *arg);

/* Whether the file at PATH begins with that; -1: there is none. */
int unit_is_ours(const char *path);

/*
 * Finds the unit NAME of the system or the user, and reads it with its drop-ins, except
 * privtmp's own.
 */
void unit_file_read(const char *name, bool user, struct unit_file *out);

/*
 * Takes GIVEN for a unit's name, "x" for x.service: of a service, or of what starts one.
 * To OUT (SIZE bytes); false where it cannot be one.
 */
bool unit_name(const char *given, char *out, size_t size);

/*
 * Writes the service that the unit NAME starts to OUT (SIZE bytes); for a service, NAME
 * itself. False: this kind of unit starts none.
 */
bool unit_service(const char *name, bool user, char *out, size_t size);

/*
 * Takes GIVEN, what a subcommand with OPTIONS was told, for the name of a service or of a
 * unit that starts one, and writes the service's to OUT (SIZE bytes). Reports which one it
 * is, if it is another. False after a report: it is none.
 */
bool unit_take_name(const struct options *options, const char *given, char *out,
		    size_t size);

/* Whether there is such a unit, or a script in /etc/init.d that systemd makes one of. */
bool unit_is_there(const char *name, const struct unit_file *file);

/*
 * Whether the unit has a root directory of its own in which there is no LIBRARY, or which
 * cannot be looked into.
 */
bool unit_lacks(const struct unit_file *file, const char *library);

/* Whether nothing may be written to the directory PATH in the service. */
bool unit_writes_nothing(const struct unit_file *file, const char *path);

/* Whether nothing of the file PATH may be executed there, so that it cannot be loaded. */
bool unit_executes_nothing(const struct unit_file *file, const char *path);

/* Whether the unit is masked, which keeps it from being started. */
bool unit_is_masked(const struct unit_file *file);

/*
 * The directory in which the administrator's or the user's own units are, into
 * OUT of PATH_MAX bytes; false where that is not known.
 */
bool unit_directory(bool user, char *out);

#endif
