/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a unit says (tools/unit_file.c): its lines, its drop-ins and where they are, as
 * systemd.unit(5) and systemd.exec(5) have them. See direct.h.
 */
#include "../../tools/plain.c"
#include "../../tools/unit_file.c"

#include "direct.h"

#define HOME "/tmp/home"
#define UNITS HOME "/.config/systemd/user"

static void begin(void)
{
	static const char *const dirs[] = { HOME, HOME "/.config",
					    HOME "/.config/systemd", UNITS };

	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
		make_dir(dirs[i], 0, 0755);
	MUST(setenv("HOME", HOME, 1) == 0 && unsetenv("XDG_CONFIG_HOME") == 0);
}

#define FIELD(unit, field, wanted) TEXT_IS(#field, (unit)->field, wanted)

static const struct unit_file *unit_of(const char *text)
{
	static struct unit_file unit;

	write_text(UNITS "/x.service", text);
	unit_file_read("x.service", true, &unit);
	FIELD(&unit, path, UNITS "/x.service");
	return &unit;
}

/* -- Lines -- */

static void yes_and_no(void)
{
	static const struct {
		const char *value;
		bool yes;
	} rows[] = { { "1", true },	      { "yes", true },	 { "y", true },
		     { "true", true },	      { "t", true },	 { "on", true },
		     { "", false },	      { "no", false },	 { "0", false },
		     { "off", false },	      { "yess", false }, { "connected", true },
		     { "disconnected", true } };

	begin();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct unit_file *unit;
		char text[512];

		snprintf(text, sizeof text,
			 "[Service]\nPrivateTmp=%s\nDynamicUser = %s \nDelegate=%s\r\n"
			 "NoNewPrivileges=%s\nAccept=\t%s\n",
			 rows[i].value, rows[i].value, rows[i].value, rows[i].value,
			 rows[i].value);
		unit = unit_of(text);
		IS(unit->private_tmp, rows[i].yes);
		IS(unit->dynamic_user, rows[i].yes);
		IS(unit->powers, rows[i].yes);
		IS(unit->new_privileges, !rows[i].yes);
		IS(unit->accepts, rows[i].yes);
	}
}

static void settings(void)
{
	const struct unit_file *unit;

	begin();
	unit = unit_of(
		"[Service]\n#User=no\n;User=no\nXUser=no\nUser no\nUser=me\n"
		"Type=forking\nPAMName=login\nAmbientCapabilities=CAP_CHOWN\n"
		"RuntimeDirectoryMode=0750\nPIDFile=/run/x.pid\nProtectSystem=strict\n"
		"Service=y.service\n");
	FIELD(unit, user, "me");
	FIELD(unit, pid_file, "/run/x.pid");
	FIELD(unit, starts, "y.service");
	TRUE(unit->forking);
	TRUE(unit->new_privileges);
	TRUE(unit->powers);
	TRUE(unit->strict);
	IS(unit->runtime_mode, 0750);
	/* The last one counts. */
	unit = unit_of("Type=forking\nType=simple\nPAMName=a\nPAMName=\nUnit=z.service\n"
		       "AmbientCapabilities=CAP_CHOWN\nAmbientCapabilities=\n"
		       "ProtectSystem=strict\nProtectSystem=full");
	FALSE(unit->forking);
	FALSE(unit->new_privileges);
	FALSE(unit->powers);
	FALSE(unit->strict);
	FIELD(unit, starts, "z.service");
}

static void programs_and_roots(void)
{
	const struct unit_file *unit;

	begin();
	unit = unit_of("ExecStart=-@/bin/a x y\nExecStart=/bin/b\n");
	FIELD(unit, program, "/bin/a");
	unit = unit_of("ExecStart=/bin/a\nExecStart=\nExecStart=+!!|:/bin/b\n");
	FIELD(unit, program, "/bin/b");
	unit = unit_of("ExecStart=\\\n  /bin/c \\\n  x\n");
	FIELD(unit, program, "/bin/c");

	unit = unit_of("ExecStart=/bin/a\n");
	FALSE(unit_lacks(unit, "/bin/sh"));
	unit = unit_of("RootDirectory=/tmp\n");
	FIELD(unit, root, "/tmp");
	TRUE(unit_lacks(unit, "/bin/sh"));
	unit = unit_of("RootDirectory=-/\n");
	FALSE(unit_lacks(unit, "/bin/sh"));
	unit = unit_of("RootDirectory=/%n\n");
	TRUE(unit_lacks(unit, "/../bin/sh"));
	unit = unit_of("RootImage=/\n");
	TRUE(unit_lacks(unit, "/bin/sh"));
	/* Empty takes back the same one alone. */
	unit = unit_of("RootImage=/x\nRootDirectory=\n");
	FIELD(unit, root, "/x");
	unit = unit_of("RootImage=/x\nRootImage=\n");
	FIELD(unit, root, "");
	unit = unit_of("RootDirectory=/x\nRootImage=\n");
	FIELD(unit, root, "/x");
}

static void preloads(void)
{
	static const struct {
		const char *text, *preload;
	} rows[] = {
		{ "Environment=LD_PRELOAD=/a.so\n", "/a.so" },
		{ "Environment=A=1 LD_PRELOAD=/a.so B=2\n", "/a.so" },
		{ "Environment=\"LD_PRELOAD=/a.so\" 'B=2'\n", "/a.so" },
		{ "Environment='LD_PRELOAD=/a.so'\n", "/a.so" },
		{ "Environment=A=1\tLD_PRELOAD=/a.so\n", "/a.so" },
		{ "Environment=XLD_PRELOAD=/a.so\n", "" },
		{ "Environment=LD_PRELOADS=/a.so\n", "" },
		{ "Environment=LD_PRELOAD=/a.so\nEnvironment=LD_PRELOAD=/b.so\n",
		  "/b.so" },
		{ "Environment=LD_PRELOAD=/a.so LD_PRELOAD=/b.so\n", "/b.so" },
		{ "Environment=LD_PRELOAD=/a.so\nEnvironment=B=1\n", "/a.so" },
		{ "Environment=LD_PRELOAD=/a.so\nEnvironment=\n", "" },
		/* What an earlier, longer line had there. */
		{ "Environment=A=1 B=22222 LD_PRELOAD=/a.so\nEnvironment=LD_PRELOAD=",
		  "" },
		/* Lines that go on, with comments between. */
		{ "Environment=A=1 \\\n LD_PRELOAD=/a.so\n", "/a.so" },
		{ "Environment=A=1 \\\n# LD_PRELOAD=/a.so\n;x\n B=2\n", "" },
		{ "Environment=A=1 \\\n  # no\n LD_PRELOAD=/a.so\n", "/a.so" },
		{ "# no \\\nEnvironment=LD_PRELOAD=/a.so\n", "/a.so" },
		{ "Environment=A=1 \\\n# LD_PRELOAD=/a.so\n", "" },
		{ "Environment=LD_PRELOAD=/a.so\\", "/a.so" },
		{ "", "" },
	};
	const struct unit_file *unit;
	char text[8400];

	begin();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unit = unit_of(rows[i].text);
		TEXT_IS(rows[i].text, unit->preload, rows[i].preload);
	}
	/* A line that is too long is cut, and what is behind it is read. */
	memset(text, 'x', sizeof text);
	snprintf(text + 8300, sizeof text - 8300, "\nUser=me\n");
	unit = unit_of(text);
	FIELD(unit, user, "me");
}

static void unset(void)
{
	static const struct {
		const char *text;
		bool unsets;
	} rows[] = {
		{ "UnsetEnvironment=LD_PRELOAD\n", true },
		{ "UnsetEnvironment=A LD_PRELOAD B\n", true },
		{ "UnsetEnvironment=\"LD_PRELOAD\"\n", true },
		{ "UnsetEnvironment=LD_PRELOAD=/a.so\n", false },
		{ "UnsetEnvironment=XLD_PRELOAD LD_PRELOADX\n", false },
		{ "UnsetEnvironment=LD_PRELOADX LD_PRELOAD\n", true },
		{ "UnsetEnvironment=LD_PRELOAD\nUnsetEnvironment=A\n", true },
		{ "UnsetEnvironment=LD_PRELOAD\nUnsetEnvironment=\n", false },
	};

	begin();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		IS(unit_of(rows[i].text)->unsets, rows[i].unsets);
}

static void environment_files(void)
{
	const struct unit_file *unit;

	begin();
	write_text("/tmp/with", "A=1\n  LD_PRELOAD = /a.so\n");
	write_text("/tmp/without", "A=1\n#LD_PRELOAD=/a.so\n");
	unit = unit_of("EnvironmentFile=/tmp/with\n");
	FIELD(unit, environment, "/tmp/with");
	unit = unit_of("EnvironmentFile=-/tmp/with\nEnvironmentFile=/tmp/without\n");
	FIELD(unit, environment, "/tmp/with");
	unit = unit_of("EnvironmentFile=/tmp/without\nEnvironmentFile=-/tmp/nowhere\n");
	FIELD(unit, environment, "");
	unit = unit_of("EnvironmentFile=/tmp/with\nEnvironmentFile=\n");
	FIELD(unit, environment, "");
}

static void paths(void)
{
	char text[3000] =
		"ReadOnlyPaths=/a /b/c/\nReadWritePaths=-/a/w '/b/c/w'\n"
		"InaccessiblePaths=+/in\nNoExecPaths=/\nExecPaths=/lib relative\n";
	const struct unit_file *unit;

	begin();
	unit = unit_of(text);
	TRUE(unit_writes_nothing(unit, "/a"));
	TRUE(unit_writes_nothing(unit, "/a/x"));
	FALSE(unit_writes_nothing(unit, "/ab"));
	FALSE(unit_writes_nothing(unit, "/a/w"));
	FALSE(unit_writes_nothing(unit, "/a/w/x"));
	TRUE(unit_writes_nothing(unit, "/a/wx"));
	TRUE(unit_writes_nothing(unit, "/b/c"));
	FALSE(unit_writes_nothing(unit, "/b"));
	FALSE(unit_writes_nothing(unit, "/b/c/w"));
	TRUE(unit_writes_nothing(unit, "/in/x"));
	TRUE(unit_executes_nothing(unit, "/opt/x.so"));
	FALSE(unit_executes_nothing(unit, "/lib/x.so"));
	unit = unit_of("ReadOnlyPaths=/a\nReadOnlyPaths=\n");
	FALSE(unit_writes_nothing(unit, "/a"));
	unit = unit_of("ProtectSystem=strict\nReadWritePaths=/a\n");
	TRUE(unit_writes_nothing(unit, "/b"));
	FALSE(unit_writes_nothing(unit, "/a/b"));
	unit = unit_of("ProtectSystem=strict\nPrivateTmp=yes\n");
	FALSE(unit_writes_nothing(unit, "/tmp"));
	unit = unit_of("ProtectSystem=strict\nDynamicUser=yes\n");
	FALSE(unit_writes_nothing(unit, "/tmp"));
	/* A list that is full keeps what it has. */
	strcpy(text, "ReadOnlyPaths=/a\nReadOnlyPaths=/");
	memset(text + strlen(text), 'x', 1100);
	unit = unit_of(text);
	TRUE(unit_writes_nothing(unit, "/a"));
	FIELD(unit, read_only, "/a ");
}

/* -- Where they are -- */

static void dropins(void)
{
	const struct unit_file *unit;
	char path[128];

	begin();
	make_dir(UNITS "/x.service.d", 0, 0755);
	make_dir(UNITS "/service.d", 0, 0755);
	write_text(UNITS "/x.service.d/a.conf", "User=a\nEnvironment=LD_PRELOAD=/a.so\n");
	write_text(UNITS "/service.d/b.conf", "Type=forking\n");
	/* Of the same name, the more specific one counts. */
	write_text(UNITS "/service.d/a.conf", "User=no\n");
	write_text(UNITS "/x.service.d/.hidden.conf", "User=no\n");
	write_text(UNITS "/x.service.d/z.conf~", "User=no\n");
	write_text(UNITS "/x.service.d/.conf", "User=no\n");
	unit = unit_of("User=me\n");
	FIELD(unit, user, "a");
	FIELD(unit, preload, "/a.so");
	FIELD(unit, later, "");
	FIELD(unit, ours, "");
	TRUE(unit->forking);
	/* privtmp's own is not read, and what comes behind it wins. */
	write_text(UNITS "/x.service.d/privtmp.conf",
		   "# Written by privtmp unit for x.service\nUser=no\n");
	write_text(UNITS "/x.service.d/z.conf", "Environment=LD_PRELOAD=/z.so\n");
	unit = unit_of("");
	FIELD(unit, ours, UNITS "/x.service.d/privtmp.conf");
	FIELD(unit, user, "a");
	FIELD(unit, preload, "/z.so");
	FIELD(unit, later, UNITS "/x.service.d/z.conf");
	IS(unit_is_ours(unit->ours), 1);
	IS(unit_is_ours(unit->later), 0);
	IS(unit_is_ours(UNITS "/nowhere"), -1);
	IS(unit_is_ours(UNITS "/x.service/x"), -1);
	write_text("/tmp/empty", "");
	IS(unit_is_ours("/tmp/empty"), 0);
	IS(unit_is_ours("/tmp"), 0);
	/* As many as there may be, and more. */
	for (int i = 0; i < DROPINS + 8; i++) {
		snprintf(path, sizeof path, UNITS "/service.d/n%d.conf", i);
		write_text(path, "Type=simple\n");
	}
	unit = unit_of("");
	FIELD(unit, user, "a");
}

static void names(void)
{
	struct unit_file unit;

	begin();
	write_text(UNITS "/a-b@.service", "User=template\n");
	write_text(UNITS "/a-b@own.service", "User=own\n");
	make_dir(UNITS "/a-.service.d", 0, 0755);
	write_text(UNITS "/a-.service.d/x.conf", "PIDFile=/prefix\n");
	make_dir(UNITS "/a-b@.service.d", 0, 0755);
	write_text(UNITS "/a-b@.service.d/y.conf", "Service=y\n");
	unit_file_read("a-b@c.service", true, &unit);
	FIELD(&unit, path, UNITS "/a-b@.service");
	FIELD(&unit, user, "template");
	FIELD(&unit, pid_file, "/prefix");
	FIELD(&unit, starts, "y");
	unit_file_read("a-b@own.service", true, &unit);
	FIELD(&unit, user, "own");
	FIELD(&unit, starts, "y");
	unit_file_read("a-c.service", true, &unit);
	FIELD(&unit, path, "");
	FIELD(&unit, pid_file, "/prefix");
	unit_file_read("a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a.service", true, &unit);
	FIELD(&unit, path, "");
	unit_file_read("without", true, &unit);
	FIELD(&unit, path, "");
	FALSE(unit_is_masked(&unit));
	make_link("/dev/null", UNITS "/m.service", 0);
	unit_file_read("m.service", true, &unit);
	TRUE(unit_is_masked(&unit));
	make_file(UNITS "/n.service", 0, 0644);
	unit_file_read("n.service", true, &unit);
	FALSE(unit_is_masked(&unit));
}

static void own_directory(void)
{
	char out[PATH_MAX];

	MUST(setenv("HOME", "/h", 1) == 0 && setenv("XDG_CONFIG_HOME", "/c", 1) == 0);
	TRUE(unit_directory(true, out));
	TEXT_IS("own", out, "/c/systemd/user");
	TRUE(unit_directory(false, out));
	TEXT_IS("system", out, "/etc/systemd/system");
	MUST(setenv("XDG_CONFIG_HOME", "relative", 1) == 0);
	TRUE(unit_directory(true, out));
	TEXT_IS("own", out, "/h/.config/systemd/user");
	MUST(setenv("HOME", "relative", 1) == 0);
	FALSE(unit_directory(true, out));
	MUST(unsetenv("HOME") == 0 && unsetenv("XDG_CONFIG_HOME") == 0);
	FALSE(unit_directory(true, out));
}

static char told[1024];

static void tell_dropin(void *arg, const char *path, const char *unit)
{
	(void)arg;
	snprintf(told + strlen(told), sizeof told - strlen(told), "%s=%s\n", unit, path);
}

static void tell_name(void *arg, const char *name)
{
	const char *wanted = arg;

	if (!strncmp(name, wanted, strlen(wanted)))
		snprintf(told + strlen(told), sizeof told - strlen(told), "%s\n", name);
}

static void each(void)
{
	begin();
	make_dir(UNITS "/t-x.service.d", 0, 0755);
	make_dir(UNITS "/t-y.service.d", 0, 0755);
	make_dir(UNITS "/t-z", 0, 0755);
	write_text(UNITS "/t-x.service.d/privtmp.conf", "# Written by privtmp unit\n");
	write_text(UNITS "/t-y.service.d/privtmp.conf", "# By hand\n");
	write_text(UNITS "/t-z/privtmp.conf", "# Written by privtmp unit\n");
	write_text(UNITS "/t-x.service", "");
	write_text(UNITS "/t-s.socket", "");
	write_text(UNITS "/t-t.timer", "");
	write_text(UNITS "/t-none", "");
	unit_each_dropin(true, tell_dropin, NULL);
	TRUE(strstr(told, "t-x.service=" UNITS "/t-x.service.d/privtmp.conf\n"));
	FALSE(strstr(told, "t-y"));
	FALSE(strstr(told, "t-z"));
	*told = '\0';
	unit_each(true, tell_name, (void *)"t-");
	TRUE(strstr(told, "t-x.service\n"));
	TRUE(strstr(told, "t-s.socket\n"));
	FALSE(strstr(told, "t-t"));
	FALSE(strstr(told, "t-none"));
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "yes_and_no", yes_and_no },
		{ "settings", settings },
		{ "programs_and_roots", programs_and_roots },
		{ "preloads", preloads },
		{ "unset", unset },
		{ "environment_files", environment_files },
		{ "paths", paths },
		{ "dropins", dropins },
		{ "names", names },
		{ "own_directory", own_directory },
		{ "each", each },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
