/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp status of a command: what happens if it is started; see status.h. */
#include "status.h"
#include "fit.h"
#include "choose_door.h"
#include "command.h"
#include "interpreter.h"
#include "json.h"
#include "core/report.h"
#include "outer.h"
#include "preload.h"
#include "preload_list.h"
#include "reach.h"
#include "remedy.h"
#include "origin.h"
#include "show.h"
#include "tool.h"
#include "wrap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct answer {
	const struct options *options;
	char path[PATH_MAX];
	struct program program;
	struct settings settings;
	char by[600];	      /* what loads the shim without privtmp run */
	const char *missing;  /* what names one that is not there */
	struct reason bare;   /* why nothing loads it */
	struct reason run;    /* why privtmp run cannot, either */
	struct choice choice; /* the door that privtmp run uses */
	char origin[600];
};

/* The place that set KEY to VALUE. */
static const char *origin_of(const struct answer *a, enum setting key, const char *value)
{
	static char origin[512];

	origin_of_setting(a->options, a->program.path, key, value, origin, sizeof origin);
	return origin;
}

/* The dynamic linker looks for a bare name, and puts in what follows a "$". */
static bool may_be_there(const char *word)
{
	return !strchr(word, '/') || strchr(word, '$') || access(word, R_OK) == 0;
}

/*
 * What would load the shim if the command is started from here without privtmp run; false:
 * nothing.
 */
static bool find_loader(struct answer *a)
{
	const char *preload = getenv("LD_PRELOAD");
	char word[512];

	/* The linker of a privileged program ignores a bare name. */
	if (preload_find_in_file(word, sizeof word) &&
	    (!a->program.secure || strchr(word, '/'))) {
		if (may_be_there(word))
			snprintf(a->by, sizeof a->by, PRELOAD_FILE);
		else
			a->missing = PRELOAD_FILE " names a file that is not there";
	}
	if (!a->by[0] && preload && !a->program.secure &&
	    preload_find(preload, word, sizeof word)) {
		if (may_be_there(word))
			snprintf(a->by, sizeof a->by, "LD_PRELOAD");
		else
			a->missing = "LD_PRELOAD names a file that is not there";
	}
	return a->by[0] != '\0';
}

/* Whether it is a script that calls privtmp run by itself. */
static bool calls_run(struct answer *a)
{
	if (wrap_is_script(a->path))
		snprintf(a->by, sizeof a->by, "privtmp wrap");
	else if (interpreter_runs(a->path))
		snprintf(a->by, sizeof a->by, "privtmp run, in its first line");
	return a->by[0] != '\0';
}

/* What happens without privtmp run. */
static void judge_bare(struct answer *a)
{
	const char *mode = a->settings.mode;

	if (calls_run(a))
		return;
	if (a->choice.why) {
		/* A remedy belongs to its own cause. */
		if (a->run.why)
			a->bare = a->run;
		else
			a->bare = (struct reason){ a->choice.why,
						   "start it by privtmp run" };
		return;
	}
	if (!find_loader(a)) {
		a->bare = (struct reason){ a->missing ? a->missing :
							"nothing loads the shim into it",
					   NULL };
		if (!a->run.why)
			a->bare.remedy = "start it by privtmp run";
		else
			a->bare = a->run;
		return;
	}
	if (mode && !strcmp(mode, "off")) {
		snprintf(a->origin, sizeof a->origin, "mode = off, by %s",
			 origin_of(a, SETTING_MODE, mode));
		a->bare = (struct reason){ a->origin, "give it a section with mode = "
						      "redirect" };
	}
}

static void judge(struct answer *a)
{
	static struct shim shim;

	if (shim_find(&shim) < 0)
		a->run = (struct reason){ "the shim is not there", NULL };
	else if (!tool_settings(a->options, a->path, &a->settings))
		a->run = (struct reason){ "the configuration has a mistake",
					  "see privtmp check-config" };
	if (a->run.why) {
		a->bare = a->run;
		return;
	}
	door_choose(BACKEND_AUTO, &a->settings, &shim, &a->program, &a->choice);
	choice_settle(&a->choice);
	if (a->choice.door == DOOR_NONE)
		a->run = (struct reason){ a->choice.what, a->choice.remedy };
	judge_bare(a);
}

/* The settings that are not defaults, with the places that set them. */
static void put_settings(FILE *out, struct answer *a)
{
	for (int i = 0; i < SETTINGS; i++) {
		const enum setting key = (enum setting)i;
		const char *value = *settings_member(&a->settings, key);
		struct text element = { value, value ? strlen(value) : 0 };
		const char *list = setting_is_list(key) ? value : NULL;

		while (list ? policy_element(&list, &element) : value != NULL) {
			char *one = strndup(element.at, element.len);

			if (one && *one) {
				fprintf(out, "  %-8s ", policy_settings[i].key);
				show_put(out, one);
				fprintf(out, ", by %s\n", origin_of(a, key, one));
			}
			free(one);
			if (!list)
				break;
		}
	}
}

static void write_text(FILE *out, struct answer *a)
{
	fputs("command ", out);
	show_put(out, a->path);
	fprintf(out, ": %s if it is started as it is\n",
		verdict_word(a->bare.why ? VERDICT_NOT_PRIVATE : VERDICT_PRIVATE));
	if (a->program.script) {
		fputs("  runs     ", out);
		show_put(out, a->program.path);
		putc('\n', out);
	}
	if (a->by[0])
		fprintf(out, "  shim     by %s\n", a->by);
	status_text_reason(out, &a->bare, VERDICT_NOT_PRIVATE);
	if (a->run.why)
		fprintf(out, "  run      not by privtmp run: %s\n", a->run.why);
	else
		fprintf(out, "  run      private by privtmp run%s\n",
			a->choice.door == DOOR_MOUNT ? ", by mounts" : "");
	put_settings(out, a);
}

static void write_json(struct answer *a)
{
	struct settings settings = a->settings;

	fputs("{\"kind\": \"command\"", stdout);
	json_member(stdout, "path", a->path);
	json_member(stdout, "program", a->program.path);
	json_member(stdout, "verdict",
		    verdict_word(a->bare.why ? VERDICT_NOT_PRIVATE : VERDICT_PRIVATE));
	json_member(stdout, "loaded_by", a->by);
	status_json_reason(&a->bare);
	printf(", \"preload\": %s", a->run.why ? "false" : "true");
	json_member(stdout, "preload_why", a->run.why);
	json_member(stdout, "run_door", door_word(a->choice.door));
	fputs(", \"settings\": {", stdout);
	for (int i = 0, n = 0; i < SETTINGS; i++) {
		const char *value = *settings_member(&settings, (enum setting)i);

		if (!value)
			continue;
		printf("%s\"%s\": ", n++ ? ", " : "", policy_settings[i].key);
		json_string(stdout, value);
	}
	fputs("}}", stdout);
}

/* ABOUT: the file that is missing; NAME, or the interpreter in its first line. */
static enum verdict no_command(const struct options *options, const char *name,
			       const char *about, const struct command_report *wrong)
{
	struct reason reason = { wrong->what, NULL };

	if (!options->json) {
		report(about, wrong->what, wrong->error, wrong->remedy);
		return VERDICT_NOTHING;
	}
	fputs("{\"kind\": \"command\"", stdout);
	json_member(stdout, "path", name);
	json_member(stdout, "verdict", verdict_word(VERDICT_NOTHING));
	status_json_reason(&reason);
	putchar('}');
	return VERDICT_NOTHING;
}

enum verdict status_command(const struct options *options, const char *name)
{
	static struct answer a;
	struct fit fit;
	static struct lease outer;
	struct command_report wrong;
	int error;

	memset(&a, 0, sizeof a);
	a.options = options;
	/* In a session, paths are those of its view. */
	outer_session(&outer);
	error = command_find(name, a.path);
	if (error) {
		wrong = command_report(name, error);
		return no_command(options, name, name, &wrong);
	}
	error = program_inspect(a.path, &a.program);
	if (error) {
		wrong = (struct command_report){
			.what = "cannot be run",
			.remedy = remedy_of_program(&a.program, error),
			.error = error,
		};
		return no_command(options, name, a.program.path, &wrong);
	}
	judge(&a);
	if (options->json) {
		write_json(&a);
	} else {
		fit_begin(&fit);
		write_text(fit.out, &a);
		fit_end(&fit);
	}
	return a.bare.why ? VERDICT_NOT_PRIVATE : VERDICT_PRIVATE;
}
