const manners =
	`able agile alert amber apt balmy bold brave breezy bright brisk calm candid clear clever cosy crisp curious
deft eager early easy even fair famous fond frank free fresh gentle glad golden good grand green happy hardy honest ideal
jolly keen kind large light lively loyal lucid lucky mellow merry mild modest neat nimble noble open patient placid plain
polite proud quick quiet rapid ready rosy round royal sage serene sharp silent silver simple sleek smart smooth snug solid
spry steady still sunny sure swift tidy tranquil true vivid warm wise witty`.split(/\s+/);

const birds =
	`auk avocet bittern bluebird bunting buzzard chough coot cormorant crane crow cuckoo curlew dipper diver dove
duck dunlin eagle eider falcon finch flicker gannet godwit goose goshawk grebe grouse gull harrier hawk heron hobby hoopoe
ibis jackdaw jay kestrel kite kingfisher knot lapwing lark linnet loon magpie martin merlin moorhen nightjar nuthatch oriole
osprey ouzel owl partridge pelican petrel pigeon pipit plover puffin quail rail raven redstart robin rook ruff sandpiper
shrike siskin skua skylark smew snipe sparrow starling stork swallow swan swift teal tern thrush tit turnstone wagtail
warbler waxwing wheatear whimbrel wigeon woodcock woodlark wren wryneck`.split(/\s+/);

/** A name for a run that a person can say and remember, always the same for the same id (32 hex digits). */
export function runName(id: string): string {
	const number = (from: number) => Number.parseInt(id.slice(from, from + 8), 16) || 0;
	return `${manners[number(0) % manners.length]}-${birds[number(8) % birds.length]}-${(number(16) % 900) + 100}`;
}
