// What the Node.js client tests have in common. See checks.sh for how they end.
let failed = 0;
let steps = 0;

const told = (error) =>
  `${error.name ?? error.code}: ${error.message}`.replaceAll("\n", " ").slice(0, 600);

export async function step(what, action) {
  ++steps;
  try {
    const result = await action();
    console.log(`  ok      ${what}`);
    return result;
  } catch (error) {
    ++failed;
    console.log(`  FAILED  ${what}: ${told(error)}`);
    return undefined;
  }
}

export async function refused(what, code, action) {
  ++steps;
  try {
    await action();
    console.log(`  FAILED  ${what}: it was accepted`);
  } catch (error) {
    if (told(error).includes(code) || String(error.code).includes(code)) {
      console.log(`  ok      ${what}: ${code}`);
      return;
    }
    console.log(`  FAILED  ${what}: not ${code} but ${told(error)}`);
  }
  ++failed;
}

export function same(what, expected, actual) {
  ++steps;
  const equal = JSON.stringify(expected) === JSON.stringify(actual);
  if (!equal) ++failed;
  console.log(
    equal
      ? `  ok      ${what}: ${actual}`
      : `  FAILED  ${what}: expected ${JSON.stringify(expected)}, not ${JSON.stringify(actual)}`,
  );
}

export function ended() {
  console.log(`${steps} steps, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
