// SPDX-License-Identifier: LGPL-2.1-or-later
// Node.js: its file system calls run in libuv's threads, some of them by number (syscall(2)).
const fs = require('fs');
const fsp = fs.promises;
const net = require('net');
const os = require('os');
const path = require('path');
const { execFileSync, spawnSync } = require('child_process');
const { Worker } = require('worker_threads');

function show(...what) {
	console.log(what.join(' ').replace(/(node-)[A-Za-z0-9]{6}/g, '$1RANDOM'));
}

async function files() {
	const dir = await fsp.mkdtemp(path.join(os.tmpdir(), 'node-'));
	show(dir, (await fsp.stat(dir)).isDirectory());
	await fsp.mkdir(path.join(dir, 'a', 'b'), { recursive: true });
	await fsp.writeFile(`${dir}/a/file`, 'content');
	await fsp.appendFile(`${dir}/a/file`, ' and more');
	await fsp.copyFile(`${dir}/a/file`, '/var/tmp/copy');
	show(fs.readFileSync('/var/tmp/copy', 'utf8'));
	await fsp.symlink(`${dir}/a/file`, `${dir}/link`);
	show(await fsp.readlink(`${dir}/link`), await fsp.realpath(`${dir}/link`), fs.realpathSync.native(`${dir}/link`));
	show((await fsp.readdir(dir)).sort(), (await fsp.readdir('/tmp')).length);
	for await (const e of await fsp.opendir(`${dir}/a`)) {
		show(e.name.length, e.isFile() || e.isDirectory());
	}
	await fsp.rename(`${dir}/a/file`, `${dir}/renamed`);
	await fsp.chmod(`${dir}/renamed`, 0o600);
	await fsp.truncate(`${dir}/renamed`, 4);
	await fsp.utimes(`${dir}/renamed`, 1, 2);
	const s = fs.statSync(`${dir}/renamed`, { bigint: true });
	show(s.size, s.mtimeMs, (s.mode & 0o777n).toString(8), fs.lstatSync(`${dir}/link`).isSymbolicLink(), fs.existsSync(`${dir}/link`));
	await fsp.access('/tmp', fs.constants.W_OK);
	await fsp.link(`${dir}/renamed`, `${dir}/hard`);
	show(fs.statSync(`${dir}/hard`).nlink);
	for (const f of [() => fs.readFileSync('/tmp/absent'), () => fs.mkdirSync('/tmp'), () => fs.rmdirSync(dir)]) {
		try {
			f();
		} catch (e) {
			show(e.code, e.syscall, e.path);
		}
	}
	fs.cpSync(dir, '/tmp/copied', { recursive: true });
	show(fs.readdirSync('/tmp/copied', { recursive: true }).sort());
	process.chdir(`${dir}/a`);
	show(process.cwd(), path.resolve('b'));
	process.chdir('/');
	await fsp.rm(dir, { recursive: true });
	await fsp.rm('/tmp/copied', { recursive: true });
	fs.unlinkSync('/var/tmp/copy');
}

async function sockets() {
	const server = net.createServer((c) => c.end(`hello from ${server.address()}`));
	await new Promise((done) => server.listen('/tmp/node.sock', done));
	show(fs.statSync('/tmp/node.sock').isSocket());
	const client = net.connect('/tmp/node.sock');
	let text = '';
	for await (const chunk of client) text += chunk;
	show(text);
	await new Promise((done) => server.close(done));
	show(fs.existsSync('/tmp/node.sock'));
}

async function processes() {
	fs.writeFileSync('/tmp/mod.js', 'module.exports = __filename; if (require.main === module) console.log(process.argv[1], __dirname)');
	show(require('/tmp/mod.js'));
	show(execFileSync(process.execPath, ['/tmp/mod.js']).toString().trim());
	show(spawnSync('sh', ['-c', 'pwd; ls'], { cwd: '/tmp' }).stdout.toString().split('\n'));
	await new Promise((done) => {
		const w = new Worker("const fs = require('fs'); fs.writeFileSync('/tmp/worker', 'w'); require('worker_threads').parentPort.postMessage(fs.readdirSync('/tmp').sort().join())", { eval: true });
		w.on('message', (m) => show(m));
		w.on('exit', done);
	});
	const seen = new Promise((done) => {
		const w = fs.watch('/tmp', (event, name) => {
			w.close();
			done(`${event} ${name}`);
		});
	});
	fs.writeFileSync('/tmp/watched', '');
	show(await seen);
	for (const f of ['mod.js', 'worker', 'watched']) fs.unlinkSync(`/tmp/${f}`);
}

files().then(sockets).then(processes).then(() => show(fs.readdirSync('/tmp').length));
